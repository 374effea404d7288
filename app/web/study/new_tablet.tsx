/** A tablet made ready: its site and name, then its code, once and large. */

import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "../shared/api";
import { Icon } from "../shared/icons";
import { clock, t } from "../shared/language";
import { ErrorNote } from "../shared/ui";
import { useWork } from "../shared/use_work";
import type { Study } from "../shared/wire";
import type { NewTablet, Tablet } from "./tablets";

const LONGEST_NAME = 80;

interface NewTabletProps {
  study: Study;
  tablets: readonly Tablet[];
  made: () => void;
}

export function NewTabletForm({ study, tablets, made }: NewTabletProps) {
  const [fresh, setFresh] = useState<NewTablet | null>(null);
  const { busy, error, run } = useWork();

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    await run(async () => {
      setFresh(await api.announceTablet(study.id, String(form.get("site")), String(form.get("name")).trim()));
      made();
    });
  }

  if (fresh) {
    const enrolled = tablets.some((tablet) => tablet.id === fresh.id && tablet.enrolled_at !== null);
    return <Code tablet={fresh} enrolled={enrolled} done={() => setFresh(null)} />;
  }
  return (
    <section class="card" aria-labelledby="tablets-new">
      <h2 id="tablets-new">{t("tablets.new")}</h2>
      <form class="new-tablet" onSubmit={(event) => void submit(event)}>
        <label class="field">
          <span>{t("tablets.site")}</span>
          <select name="site" required>
            {study.sites.map((site) => (
              <option key={site.code} value={site.code}>
                {site.name}
              </option>
            ))}
          </select>
        </label>
        <label class="field new-tablet-name">
          <span>{t("tablets.name")}</span>
          <input
            name="name"
            type="text"
            required
            pattern=".*\S.*"
            maxLength={LONGEST_NAME}
            placeholder={t("tablets.name_hint")}
            autocomplete="off"
          />
        </label>
        <button type="submit" class="button primary" disabled={busy}>
          {t("tablets.make_code")}
        </button>
      </form>
      {error ? <ErrorNote error={error} /> : null}
    </section>
  );
}

/** The code is in the page and nowhere else: once this card is left, nobody can show it again. */
function Code({ tablet, enrolled, done }: { tablet: NewTablet; enrolled: boolean; done: () => void }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <section class="card fresh-code" aria-labelledby="tablets-code">
      <h2 id="tablets-code" tabIndex={-1} ref={title}>
        {t("tablets.code_for", { name: tablet.name, site: tablet.site_code })}
      </h2>
      {enrolled ? (
        <p class="note good" role="status">
          <Icon name="check" />
          <span>{t("tablets.enrolled_now", { name: tablet.name })}</span>
        </p>
      ) : (
        <>
          <p class="enrolment-code code">{tablet.enrolment_code}</p>
          <p>{t("tablets.code_explained", { time: clock(tablet.code_expires_at!) })}</p>
        </>
      )}
      <button type="button" class="button" onClick={done}>
        {enrolled ? t("tablets.new") : t("tablets.code_done")}
      </button>
    </section>
  );
}

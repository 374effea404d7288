/** A new subject, by code alone. */

import { api } from "../shared/api";
import { t } from "../shared/language";
import { Modal } from "../shared/modal";
import { me } from "../shared/session";
import { ErrorNote } from "../shared/ui";
import { useWork } from "../shared/use_work";
import type { Study } from "../shared/wire";
import { chooseSubject } from "./flow";
import { dayOf } from "./windows";

/** As the service takes codes. */
const CODE = "[A-Za-z0-9][A-Za-z0-9_.\\-]{0,39}";

interface EnrolProps {
  study: Study;
  close: () => void;
  enrolled: () => void;
}

export function EnrolForm({ study, close, enrolled }: EnrolProps) {
  const { busy, error, run } = useWork();
  const sites = study.sites.filter((site) => me.value?.sites.some((own) => own.code === site.code));

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const said = (name: string) => String(form.get(name)).trim();
    await run(async () => {
      const subject = await api.enrolSubject(study.id, said("site"), said("code"), said("baseline"));
      enrolled();
      chooseSubject(subject.id);
      close();
    });
  }

  return (
    <Modal title={t("enrol.title")} close={close}>
      <form class="enrol" onSubmit={(event) => void submit(event)}>
        <label class="field">
          <span>{t("enrol.code")}</span>
          <input name="code" required pattern={CODE} autocomplete="off" autocapitalize="characters" spellcheck={false} />
        </label>
        {sites.length === 1 ? (
          <input type="hidden" name="site" value={sites[0]!.code} />
        ) : (
          <label class="field">
            <span>{t("enrol.site")}</span>
            <select name="site" required>
              {sites.map((site) => (
                <option key={site.code} value={site.code}>
                  {site.name}
                </option>
              ))}
            </select>
          </label>
        )}
        <label class="field">
          <span>{t("enrol.baseline")}</span>
          <input name="baseline" type="date" required defaultValue={dayOf(new Date())} />
        </label>
        {error ? <ErrorNote error={error} /> : null}
        <div class="modal-end">
          <button type="button" class="button big" onClick={close}>
            {t("enrol.cancel")}
          </button>
          <button type="submit" class="button primary big" disabled={busy}>
            {t("enrol.save")}
          </button>
        </div>
      </form>
    </Modal>
  );
}

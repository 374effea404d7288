/** The confirmation before a tablet is revoked: what it means, and why it is done. */

import { useEffect, useId, useRef } from "preact/hooks";
import { api } from "../shared/api";
import { Icon } from "../shared/icons";
import { t } from "../shared/language";
import { ErrorNote } from "../shared/ui";
import { useWork } from "../shared/use_work";
import type { Tablet } from "./tablets";

const LONGEST_REASON = 200;

interface RevokeProps {
  tablet: Tablet;
  keep: () => void;
  revoked: () => void;
}

export function RevokeForm({ tablet, keep, revoked }: RevokeProps) {
  const { busy, error, run } = useWork();
  const reason = useRef<HTMLInputElement>(null);
  const title = useId();
  useEffect(() => reason.current?.focus(), []);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    await run(async () => {
      await api.revokeTablet(tablet.id, reason.current!.value.trim());
      revoked();
    });
  }

  return (
    <form class="revoke" aria-labelledby={title} onSubmit={(event) => void submit(event)}>
      <h3 id={title}>{t("tablets.revoke_title", { name: tablet.name, site: tablet.site_code })}</h3>
      <p class="note warn">
        <Icon name="alert" />
        <span>{t("tablets.revoke_explained")}</span>
      </p>
      <label class="field">
        <span>{t("tablets.reason")}</span>
        <input
          ref={reason}
          type="text"
          required
          pattern=".*\S.*"
          maxLength={LONGEST_REASON}
          autocomplete="off"
          onKeyDown={(event) => event.key === "Escape" && keep()}
        />
      </label>
      {error ? <ErrorNote error={error} /> : null}
      <div class="revoke-end">
        <button type="button" class="button" onClick={keep}>
          {t("tablets.keep")}
        </button>
        <button type="submit" class="button danger" disabled={busy}>
          {t("tablets.revoke_now")}
        </button>
      </div>
    </form>
  );
}

/** The signature: what is signed, what signing means, the password again; and that it is for good. */

import { useEffect, useState } from "preact/hooks";
import { OfflineError, readingApi } from "../shared/api";
import { Icon } from "../shared/icons";
import { ours, t, word } from "../shared/language";
import { me } from "../shared/session";
import { ErrorNote } from "../shared/ui";
import type { ReadingCase, Saying } from "../shared/wire";
import { Modal } from "../shared/modal";
import { isDrawn } from "./saying";
import type { Proof } from "./use_case";

interface SignDialogProps {
  reading: ReadingCase;
  saying: Saying;
  sign: (signature: Proof) => Promise<void>;
  close: () => void;
}

/** What is said, in one line: "Open · outline drawn · confidence 4 of 5". */
export function summary(saying: Saying, reading: ReadingCase): string {
  const side = saying.choice === "A" || saying.choice === "B" ? saying.choice : null;
  const category = side ? reading.sides![side].category : saying.category;
  const reason = reading.asks.reasons.find(({ code }) => code === saying.reason);
  return [
    side && t("desk.sign_chosen", { side }),
    category && word("desk.category", category),
    category === "not_assessable" && !side && reason && ours({ fr: reason.label_fr, en: reason.label_en }),
    !side && isDrawn(saying) && t("desk.sign_outline"),
    saying.confidence !== null && t("desk.sign_sure", { n: saying.confidence }),
  ]
    .filter(Boolean)
    .join(" · ");
}

export function SignDialog({ reading, saying, sign, close }: SignDialogProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [asksFactor, setAsksFactor] = useState(false);
  const demoPassword = me.value?.demo_password;
  useEffect(() => {
    // Where this fails so does the signature, and says so.
    readingApi.secondFactor().then(({ enabled }) => setAsksFactor(enabled), () => undefined);
  }, []);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const factor = String(form.get("factor") ?? "").trim();
    setBusy(true);
    setError(null);
    try {
      await sign({ password: String(form.get("password")), second_factor: factor || null });
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  }

  return (
    <Modal title={t("desk.sign_title")} close={close}>
      <form class="sign" onSubmit={(event) => void submit(event)}>
        <p>
          {t("desk.sign_what")} <strong>{summary(saying, reading)}</strong>
        </p>
        <div class="sign-meaning">
          <h3>{t("desk.sign_means")}</h3>
          <p>{ours({ fr: reading.meaning_fr, en: reading.meaning_en })}</p>
        </div>
        <p class="note warn">
          <Icon name="alert" />
          <span>{t("desk.sign_for_good")}</span>
        </p>
        <label class="field">
          <span>{t("desk.sign_password")}</span>
          <input name="password" type="password" autocomplete="current-password" required autofocus />
        </label>
        {demoPassword && <p class="quiet small">{t("desk.sign_demo", { password: demoPassword })}</p>}
        {asksFactor && (
          <label class="field">
            <span>{t("desk.sign_factor")}</span>
            <input name="factor" inputMode="numeric" autocomplete="one-time-code" required />
          </label>
        )}
        {error instanceof OfflineError ? (
          <p class="note bad" role="alert">
            <Icon name="alert" />
            <span>{t("desk.sign_offline")}</span>
          </p>
        ) : error ? (
          <ErrorNote error={error} />
        ) : null}
        <div class="modal-end">
          <button type="button" class="button" onClick={(e) => e.currentTarget.closest("dialog")?.close()}>
            {t("desk.cancel")}
          </button>
          <button type="submit" class="button primary" disabled={busy}>
            {t("desk.sign_now")}
          </button>
        </div>
      </form>
    </Modal>
  );
}

/** One's own PIN on this tablet: the password once, the PIN twice. */

import { useState } from "preact/hooks";
import { tabletApi } from "../shared/api";
import { t } from "../shared/language";
import { navigate } from "../shared/router";
import { home, me } from "../shared/session";
import { ErrorNote } from "../shared/ui";
import { askHere, here } from "./here";
import { takeKey } from "./keyring";
import { PIN_DIGITS } from "./pin_pad";
import { wrapByPin } from "./pin_key";
import "./tablet.css";

export const PIN_PAGE = "/pin";

/** A PIN that the service has taken opens the vault without network too. */
async function keepPin(username: string, password: string, pin: string): Promise<void> {
  await tabletApi.setPin(password, pin);
  const given = await tabletApi.vaultKey();
  await wrapByPin(username, pin, given);
  await takeKey(username, given);
  await askHere();
}

export function PinPage() {
  const [busy, setBusy] = useState(false);
  const [differs, setDiffers] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [kept, setKept] = useState(false);
  const person = me.value;
  if (!person) return null;
  if (!here.value) return <p class="note">{t("tablet.not_enrolled")}</p>;

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const [pin, again] = [String(form.get("pin")), String(form.get("again"))];
    setDiffers(pin !== again);
    setError(null);
    if (pin !== again || !person) return;
    setBusy(true);
    try {
      await keepPin(person.username, String(form.get("password")), pin);
      setKept(true);
    } catch (caught) {
      setError(caught);
    }
    setBusy(false);
  }

  if (kept) return <Kept />;
  const digits = {
    type: "password", inputMode: "numeric", autocomplete: "off", required: true, minLength: PIN_DIGITS,
    maxLength: PIN_DIGITS, pattern: "[0-9]*",
  } as const;
  return (
    <div class="sign-in">
      <form class="card" onSubmit={(event) => void submit(event)}>
        <h1>{t("tablet.pin_title")}</h1>
        {person.demo_password && <p class="note">{t("account.demo_password", { password: person.demo_password })}</p>}
        <label class="field">
          <span>{t("sign_in.password")}</span>
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <label class="field">
          <span>{t("tablet.pin_new")}</span>
          <input name="pin" {...digits} />
        </label>
        <label class="field">
          <span>{t("tablet.pin_repeat")}</span>
          <input name="again" {...digits} />
        </label>
        {differs && <p class="note bad" role="alert">{t("tablet.pin_differs")}</p>}
        {error ? <ErrorNote error={error} /> : null}
        <button type="submit" class="button primary big wide" disabled={busy}>
          {t("tablet.pin_save")}
        </button>
      </form>
    </div>
  );
}

function Kept() {
  return (
    <div class="page">
      <p class="note good" role="status">
        {t("tablet.pin_kept")}
      </p>
      <button type="button" class="button primary big" onClick={() => navigate(home.value)}>
        {t("nav.capture")}
      </button>
    </div>
  );
}

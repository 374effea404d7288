/** The sign-in page: password, then the second factor's code where the account has one; or the provider. */

import { useEffect, useState } from "preact/hooks";
import { askHere, here } from "../tablet/here";
import { ApiError } from "./api";
import { t } from "./language";
import { Link } from "./router";
import { ENROL_PAGE, entry, provider, signIn } from "./session";
import { ErrorNote } from "./ui";

const PROVIDER_START = "/v1/provider/start";
const CODE_ASKED = "second_factor_needed";

/** Whether the provider has just led back here without a session. */
function providerRefused(): boolean {
  return new URLSearchParams(window.location.search).get("refused") === "provider";
}

export function SignInPage() {
  const [busy, setBusy] = useState(false);
  const [withCode, setWithCode] = useState(false);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => void askHere(), []);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const code = String(form.get("code") ?? "").trim();
    setBusy(true);
    setError(null);
    try {
      await signIn(String(form.get("username")), String(form.get("password")), code || null);
    } catch (caught) {
      const asked = caught instanceof ApiError && caught.code === CODE_ASKED;
      setWithCode(withCode || asked);
      setError(asked ? null : caught);
      setBusy(false);
    }
  }

  return (
    <div class="sign-in">
      <form class="card" onSubmit={(event) => void submit(event)}>
        <h1>{t("sign_in.title")}</h1>
        <label class="field">
          <span>{t("sign_in.username")}</span>
          <input name="username" autocomplete="username" autocapitalize="none" spellcheck={false} required autofocus />
        </label>
        <label class="field">
          <span>{t("sign_in.password")}</span>
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        {withCode && (
          <label class="field">
            <span>{t("sign_in.code")}</span>
            <input
              name="code"
              autocomplete="one-time-code"
              autocapitalize="none"
              spellcheck={false}
              required
              ref={(field) => field?.focus()}
            />
          </label>
        )}
        {error ? <ErrorNote error={error} /> : null}
        <button type="submit" class="button primary big wide" disabled={busy}>
          {t("sign_in.enter")}
        </button>
        {provider.value && <ByProvider name={provider.value} />}
        <Others />
        <p class="quiet small">{t("sign_in.help")}</p>
      </form>
    </div>
  );
}

/** On a shared tablet a PIN is quicker; a new one is enrolled first. */
function Others() {
  const byPin = here.value?.people.some((person) => person.has_pin) ?? false;
  if (!here.value) return <Link to={ENROL_PAGE} class="button wide">{t("tablet.enrol_title")}</Link>;
  return (
    <>
      <p class="quiet small">{t("tablet.enrolled", { name: here.value.name, site: here.value.site_code })}</p>
      {byPin && (
        <button type="button" class="button big wide" onClick={() => (entry.value = "locked")}>
          {t("tablet.by_pin")}
        </button>
      )}
    </>
  );
}

function ByProvider({ name }: { name: string }) {
  return (
    <>
      {providerRefused() && (
        <p class="note bad" role="alert">
          {t("sign_in.provider_refused", { name })}
        </p>
      )}
      <a class="button wide" href={PROVIDER_START}>
        {t("sign_in.by_provider", { name })}
      </a>
    </>
  );
}

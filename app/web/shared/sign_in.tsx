/** The sign-in page. */

import { useState } from "preact/hooks";
import { t } from "./language";
import { signIn } from "./session";
import { ErrorNote } from "./ui";

export function SignInPage() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setError(null);
    try {
      await signIn(String(form.get("username")), String(form.get("password")));
    } catch (caught) {
      setError(caught);
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
        {error ? <ErrorNote error={error} /> : null}
        <button type="submit" class="button primary wide" disabled={busy}>
          {t("sign_in.enter")}
        </button>
        <p class="quiet small">{t("sign_in.help")}</p>
      </form>
    </div>
  );
}

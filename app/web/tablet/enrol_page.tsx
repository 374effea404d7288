/** A tablet becomes the site's: the data manager's code, typed once. */

import { useEffect } from "preact/hooks";
import { tabletApi } from "../shared/api";
import { t } from "../shared/language";
import { Link } from "../shared/router";
import { ErrorNote } from "../shared/ui";
import { useWork } from "../shared/use_work";
import { askHere, here, keepHere } from "./here";
import "./tablet.css";

export function EnrolPage() {
  const { busy, error, run } = useWork();
  useEffect(() => void askHere(), []);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    await run(async () => keepHere(await tabletApi.enrol(String(form.get("code")).trim())));
  }

  return (
    <div class="sign-in">
      <form class="card" onSubmit={(event) => void submit(event)}>
        <h1>{t("tablet.enrol_title")}</h1>
        {here.value ? (
          <p class="note good" role="status">
            {t("tablet.enrolled", { name: here.value.name, site: here.value.site_code })}
          </p>
        ) : (
          <>
            <p>{t("tablet.enrol_explained")}</p>
            <label class="field">
              <span>{t("tablet.enrol_code")}</span>
              <input name="code" required autocomplete="off" autocapitalize="characters" spellcheck={false} />
            </label>
            {error ? <ErrorNote error={error} /> : null}
            <button type="submit" class="button primary big wide" disabled={busy}>
              {t("tablet.enrol")}
            </button>
          </>
        )}
        <Link to="/sign-in" class={here.value ? "button primary big wide" : "button big wide"}>
          {t("tablet.go_sign_in")}
        </Link>
      </form>
    </div>
  );
}

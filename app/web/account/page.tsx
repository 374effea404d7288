/** One's own account: where one is signed in, password, second factor. */

import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { sinceMinutes, t } from "../shared/language";
import { me } from "../shared/session";
import { ErrorNote, Loading, WorkButton } from "../shared/ui";
import { useLoaded } from "../shared/watch";
import type { OwnSession } from "../shared/wire";
import "./account.css";
import { Ask } from "./ask";
import { SecondFactorCard } from "./second_factor";

export function AccountPage() {
  return (
    <div class="page account">
      <header class="page-head">
        <h1>{t("account.title")}</h1>
      </header>
      {me.value?.demo_password && (
        <p class="note">{t("account.demo_password", { password: me.value.demo_password })}</p>
      )}
      <SessionsCard />
      <PasswordCard />
      <SecondFactorCard />
    </div>
  );
}

function SessionsCard() {
  const sessions = useLoaded(api.sessions, []);
  const others = sessions.value?.some((session) => !session.current) ?? false;

  async function endOthers(): Promise<void> {
    await api.endOtherSessions();
    sessions.reload();
  }

  return (
    <section class="card" aria-labelledby="account-sessions">
      <div class="section-head">
        <h2 id="account-sessions">{t("account.sessions")}</h2>
        {others && <WorkButton work={endOthers}>{t("account.end_others")}</WorkButton>}
      </div>
      {sessions.error ? <ErrorNote error={sessions.error} retry={sessions.reload} /> : null}
      {!sessions.value && !sessions.error && <Loading />}
      <ul class="sessions">
        {sessions.value?.map((session) => (
          <SessionLine key={session.id} session={session} ended={sessions.reload} />
        ))}
      </ul>
    </section>
  );
}

function SessionLine({ session, ended }: { session: OwnSession; ended: () => void }) {
  const ago = sinceMinutes(-session.opened_minutes_ago);
  const left = sinceMinutes(session.ends_in_minutes);
  return (
    <li>
      <div>
        <p>
          {session.device ?? t("account.unknown_device")}
          {session.current && <strong> ({t("account.this_session")})</strong>}
        </p>
        <p class="quiet small">{t("account.opened", { ago, left })}</p>
      </div>
      {!session.current && (
        <WorkButton class="button small" work={() => api.endSession(session.id).then(ended)}>
          {t("account.end")}
        </WorkButton>
      )}
    </li>
  );
}

function PasswordCard() {
  const [changed, setChanged] = useState(false);

  async function change(given: Record<string, string>): Promise<void> {
    await api.changePassword(given["password"]!, given["code"] || null, given["new_password"]!);
    setChanged(true);
  }

  return (
    <section class="card" aria-labelledby="account-password">
      <h2 id="account-password">{t("account.password")}</h2>
      {changed ? (
        <p class="note good" role="status">
          {t("account.password_changed")}
        </p>
      ) : (
        <Ask
          fields={[
            { name: "password", label: t("account.password_now"), type: "password", autocomplete: "current-password" },
            { name: "code", label: t("account.code_if_any"), autocomplete: "one-time-code", optional: true },
            { name: "new_password", label: t("account.password_new"), type: "password", autocomplete: "new-password" },
          ]}
          action={t("account.password_change")}
          work={change}
        />
      )}
    </section>
  );
}

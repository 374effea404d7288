/** The second factor: set up with an authenticator app, or taken away. */

import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { t } from "../shared/language";
import { ErrorNote, Loading } from "../shared/ui";
import { useLoaded } from "../shared/watch";
import type { Enrolment } from "../shared/wire";
import { Ask, type Field } from "./ask";

const password = (): Field => ({
  name: "password",
  label: t("account.password_now"),
  type: "password",
  autocomplete: "current-password",
});
const code = (): Field => ({ name: "code", label: t("account.code"), autocomplete: "one-time-code" });

export function SecondFactorCard() {
  const state = useLoaded(api.secondFactor, []);
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  const [recovery, setRecovery] = useState<string[] | null>(null);

  async function enable(given: Record<string, string>): Promise<void> {
    setRecovery(await api.enableSecondFactor(given["code"]!));
    setEnrolment(null);
    state.reload();
  }

  async function remove(given: Record<string, string>): Promise<void> {
    await api.removeSecondFactor(given["password"]!, given["code"]!);
    setRecovery(null);
    state.reload();
  }

  return (
    <section class="card" aria-labelledby="account-factor">
      <h2 id="account-factor">{t("account.factor")}</h2>
      {state.error ? <ErrorNote error={state.error} retry={state.reload} /> : null}
      {!state.value && !state.error && <Loading />}
      {recovery && <RecoveryCodes codes={recovery} />}
      {enrolment && <Enrolling enrolment={enrolment} enable={enable} />}
      {state.value?.enabled === true && (
        <>
          <p>{t("account.factor_on", { n: state.value.recovery_codes_left })}</p>
          <Ask fields={[password(), code()]} action={t("account.factor_remove")} work={remove} />
        </>
      )}
      {state.value?.enabled === false && !enrolment && (
        <>
          <p>{t("account.factor_off")}</p>
          <Ask
            fields={[password()]}
            action={t("account.factor_begin")}
            work={async (given) => setEnrolment(await api.beginSecondFactor(given["password"]!))}
          />
        </>
      )}
    </section>
  );
}

interface EnrollingProps {
  enrolment: Enrolment;
  enable: (given: Record<string, string>) => Promise<void>;
}

function Enrolling({ enrolment, enable }: EnrollingProps) {
  const picture = `data:image/svg+xml,${encodeURIComponent(enrolment.qr_svg)}`;
  return (
    <>
      <p>{t("account.factor_scan")}</p>
      <img class="qr" src={picture} alt={enrolment.otpauth_uri} width={220} height={220} />
      <p>
        <code>{enrolment.secret}</code>
      </p>
      <Ask fields={[code()]} action={t("account.factor_enable")} work={enable} />
    </>
  );
}

function RecoveryCodes({ codes }: { codes: string[] }) {
  return (
    <div class="note warn" role="status">
      <div>
        <p class="note-title">{t("account.recovery")}</p>
        <p>{t("account.recovery_keep")}</p>
        <ul class="recovery">
          {codes.map((text) => (
            <li key={text}>
              <code>{text}</code>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

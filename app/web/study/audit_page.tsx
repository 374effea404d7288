/** The audit trail as a table, narrowed to what is looked for, and its verification. */

import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { moment, number, t, word } from "../shared/language";
import { Empty, ErrorNote, Loading, WorkButton } from "../shared/ui";
import { useLoaded } from "../shared/watch";
import type { AuditEvent, AuditVerdict, AuditWanted, Page } from "../shared/wire";
import { changes } from "./changes";
import "./study.css";

const EVERYTHING: AuditWanted = { actor: "", action: "", subject: "", since: "", until: "" };

export function AuditPage() {
  const [wanted, setWanted] = useState(EVERYTHING);
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null);
  return (
    <div class="page">
      <header class="page-head with-action">
        <div>
          <h1>{t("audit.title")}</h1>
          <p class="quiet">{t("audit.explained")}</p>
        </div>
        <div class="page-action">
          <WorkButton class="button primary" work={async () => setVerdict(await api.verifyAudit())}>
            {t("audit.verify")}
          </WorkButton>
        </div>
      </header>
      {verdict && <VerdictNote verdict={verdict} />}
      <Narrowing wanted={wanted} choose={setWanted} />
      <Trail key={JSON.stringify(wanted)} wanted={wanted} />
    </div>
  );
}

/** The fields that narrow the trail; moments are given and read in UTC, as the trail has them. */
function Narrowing({ wanted, choose }: { wanted: AuditWanted; choose: (wanted: AuditWanted) => void }) {
  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const given = (name: keyof AuditWanted) => String(form.get(name) ?? "").trim();
    choose({
      actor: given("actor"),
      action: given("action"),
      subject: given("subject"),
      since: given("since"),
      until: given("until"),
    });
  }
  function widen(event: MouseEvent): void {
    (event.currentTarget as HTMLButtonElement).form?.reset();
    choose(EVERYTHING);
  }
  return (
    <form class="card narrowing" aria-label={t("audit.wanted")} onSubmit={submit}>
      {(["actor", "action", "subject", "since", "until"] as const).map((name) => (
        <label key={name} class="field small">
          <span>{t(`audit.wanted_${name}`)}</span>
          <input
            name={name}
            {...(name === "since" || name === "until" ? ({ type: "datetime-local" } as const) : ({ type: "text" } as const))}
            autocapitalize="none"
            spellcheck={false}
          />
        </label>
      ))}
      <div class="narrowing-actions">
        <button type="submit" class="button">
          {t("audit.narrow")}
        </button>
        {wanted !== EVERYTHING && (
          <button type="button" class="button" onClick={widen}>
            {t("audit.widen")}
          </button>
        )}
      </div>
    </form>
  );
}

function Trail({ wanted }: { wanted: AuditWanted }) {
  const first = useLoaded(() => api.audit(wanted, null), []);
  const [later, setLater] = useState<Page<AuditEvent> | null>(null);
  const events = [...(first.value?.items ?? []), ...(later?.items ?? [])];
  const next = (later ?? first.value)?.next_cursor ?? null;

  async function readOn(): Promise<void> {
    const page = await api.audit(wanted, next);
    setLater({ ...page, items: [...(later?.items ?? []), ...page.items] });
  }

  return (
    <>
      {first.error ? <ErrorNote error={first.error} retry={first.reload} /> : null}
      {!first.value && !first.error && <Loading />}
      {first.value && events.length === 0 && <Empty title={t("audit.empty")} />}
      {events.length > 0 && <TrailTable events={events} />}
      {next !== null && events.length > 0 && (
        <p class="more">
          <WorkButton work={readOn}>{t("audit.more")}</WorkButton>
        </p>
      )}
    </>
  );
}

function VerdictNote({ verdict }: { verdict: AuditVerdict }) {
  const text = verdict.ok
    ? t("audit.sound", { n: number(verdict.checked, 0) })
    : `${t("audit.broken", { seq: verdict.first_broken ?? "?" })} ${word("problem", verdict.problem ?? "")}`;
  return (
    <div class={verdict.ok ? "note good" : "note bad"} role="status">
      <p>{text}</p>
    </div>
  );
}

function TrailTable({ events }: { events: AuditEvent[] }) {
  return (
    <div class="card table-scroll">
      <table class="trail">
        <thead>
          <tr>
            {(["seq", "at", "actor", "action", "what", "change"] as const).map((column) => (
              <th key={column} scope="col" class={column === "seq" ? "num" : ""}>
                {t(`audit.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.seq}>
              <td class="num">{event.seq}</td>
              <td class="nowrap">{moment(event.at)}</td>
              <td>
                {event.actor}
                <br />
                <span class="quiet small">{word("role", event.role)}</span>
              </td>
              <td title={event.action}>{word("action", event.action)}</td>
              <td>
                {event.subject_kind}
                <br />
                <code class="small">{event.subject_id}</code>
              </td>
              <td>
                <Change event={event} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Change({ event }: { event: AuditEvent }) {
  const changed = changes(event.before, event.after);
  return (
    <>
      {event.reason && <p>{event.reason}</p>}
      <details>
        <summary class="small">{changed.length === 0 ? t("audit.hash") : t("audit.details")}</summary>
        {changed.length > 0 && (
          <table class="changes small">
            <thead>
              <tr>
                {(["name", "was", "is"] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`audit.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {changed.map(({ name, was, is }) => (
                <tr key={name}>
                  <th scope="row">{name.replaceAll("_", " ")}</th>
                  <td>{was ?? "–"}</td>
                  <td>{is ?? "–"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <code class="small hash">{event.hash}</code>
      </details>
    </>
  );
}

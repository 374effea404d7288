/** The audit trail as a table, and its verification. */

import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { moment, number, t, word } from "../shared/language";
import { Empty, ErrorNote, Loading, WorkButton } from "../shared/ui";
import { useLoaded } from "../shared/watch";
import type { AuditEvent, AuditVerdict, Page } from "../shared/wire";
import "./study.css";

export function AuditPage() {
  const first = useLoaded(() => api.audit(null), []);
  const [later, setLater] = useState<Page<AuditEvent> | null>(null);
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null);
  const events = [...(first.value?.items ?? []), ...(later?.items ?? [])];
  const next = (later ?? first.value)?.next_cursor ?? null;

  async function readOn(): Promise<void> {
    const page = await api.audit(next);
    setLater({ ...page, items: [...(later?.items ?? []), ...page.items] });
  }

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
      {first.error ? <ErrorNote error={first.error} retry={first.reload} /> : null}
      {!first.value && !first.error && <Loading />}
      {first.value && events.length === 0 && <Empty title={t("audit.empty")} />}
      {events.length > 0 && <TrailTable events={events} />}
      {next !== null && events.length > 0 && (
        <p class="more">
          <WorkButton work={readOn}>{t("audit.more")}</WorkButton>
        </p>
      )}
    </div>
  );
}

function VerdictNote({ verdict }: { verdict: AuditVerdict }) {
  const text = verdict.ok
    ? t("audit.sound", { n: number(verdict.checked, 0) })
    : t("audit.broken", { seq: verdict.first_broken ?? "?" });
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
  const parts = { before: event.before, after: event.after };
  const nothing = event.before === null && event.after === null;
  return (
    <>
      {event.reason && <p>{event.reason}</p>}
      <details>
        <summary class="small">{nothing ? t("audit.hash") : t("audit.details")}</summary>
        {!nothing && <pre>{JSON.stringify(parts, null, 1)}</pre>}
        <code class="small hash">{event.hash}</code>
      </details>
    </>
  );
}

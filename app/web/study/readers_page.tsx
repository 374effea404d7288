/** How far the reading of the study has come, whether its signatures hold, and how far its readers agree. */

import { api } from "../shared/api";
import { Figure } from "../shared/figure";
import { t, tn } from "../shared/language";
import { study } from "../shared/session";
import { Empty, ErrorNote, Loading } from "../shared/ui";
import { useLoaded } from "../shared/watch";
import type { ReadingProgress, ReadingSignatures, Study } from "../shared/wire";
import { AgreementFigures } from "./agreement";
import { readerName } from "./agreement_words";
import "./study.css";

export function ReadersPage() {
  return study.value ? <Readers study={study.value} /> : <Empty title={t("study.none")} />;
}

function Readers({ study: open }: { study: Study }) {
  const { value, error } = useLoaded(
    async () => ({
      progress: await api.readingProgress(open.id),
      signatures: await api.readingSignatures(open.id),
      agreement: await api.readersAgreement(open.id),
    }),
    [open.id],
  );
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t("readers.title")}</h1>
        <p class="quiet">{t("readers.explained")}</p>
      </header>
      {error ? <ErrorNote error={error} /> : null}
      {!value && !error && <Loading />}
      {value && (
        <>
          <Signatures signatures={value.signatures} />
          <Counts progress={value.progress} />
          <Completeness progress={value.progress} />
          <AgreementFigures agreement={value.agreement} />
        </>
      )}
    </div>
  );
}

function Signatures({ signatures }: { signatures: ReadingSignatures }) {
  if (signatures.void.length === 0) {
    return <p class="note good">{tn("readers.signatures_hold", signatures.checked)}</p>;
  }
  return (
    <div class="note bad" role="alert">
      <p class="note-title">{tn("readers.signatures_void", signatures.void.length)}</p>
      <ul class="reasons">
        {signatures.void.map((seal) => (
          <li key={seal.code}>
            <span class="code">{seal.code}</span> · {t(`readers.void.${seal.why}`)}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Counts({ progress }: { progress: ReadingProgress }) {
  const states = ["timepoints", "reading", "adjudication", "final", "reopened"] as const;
  return (
    <section class="card" aria-label={t("readers.progress")}>
      <h2>{t("readers.progress")}</h2>
      <dl class="figures">
        {states.map((state) => (
          <Figure key={state} name={t(`readers.count.${state}`)}>
            {progress[state]}
          </Figure>
        ))}
      </dl>
      <div class="table-scroll">
        <table class="captures">
          <thead>
            <tr>
              <th scope="col">{t("readers.reader")}</th>
              <th scope="col" class="num">
                {t("readers.cases")}
              </th>
              <th scope="col" class="num">
                {t("readers.locked")}
              </th>
            </tr>
          </thead>
          <tbody>
            {progress.readers.map((reader) => (
              <tr key={reader.reader}>
                <th scope="row">{readerName(reader.reader)}</th>
                <td class="num">{reader.cases}</td>
                <td class="num">{reader.locked}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Completeness({ progress }: { progress: ReadingProgress }) {
  const columns = ["expected", "received", "accepted", "read"] as const;
  return (
    <section class="card" aria-label={t("readers.completeness")}>
      <h2>{t("readers.completeness")}</h2>
      <div class="table-scroll">
        <table class="captures">
          <thead>
            <tr>
              <th scope="col">{t("readers.site")}</th>
              <th scope="col">{t("readers.visit")}</th>
              {columns.map((column) => (
                <th key={column} scope="col" class="num">
                  {t(`readers.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {progress.visits.map((row) => (
              <tr key={`${row.site_code} ${row.visit_code}`}>
                <th scope="row">{row.site_code}</th>
                <td>{row.visit_code}</td>
                {columns.map((column) => (
                  <td key={column} class="num">
                    {row[column]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

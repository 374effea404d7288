/** How far readers agree: the data manager's figures, each drawn and downloadable. */

import { useState } from "preact/hooks";
import { number, t, word } from "../shared/language";
import { Empty } from "../shared/ui";
import { adjudicationCsv, categoriesCsv, disagreementCsv, repeatsCsv, shiftCsv } from "./agreement_csv";
import { coefficientDomain, extent, shareDomain } from "./agreement_scales";
import { interval95, pairName, readerName } from "./agreement_words";
import type { Agreement, Estimate, ReaderAgreement } from "./agreement_wire";
import { FigureCard } from "./figure_card";
import { IntervalChart } from "./interval_chart";
import { AreasCard, CountsCard, DiceCard } from "./pair_figures";
import { AdjudicationChart } from "./reader_charts";
import "./study.css";
import "./agreement.css";

export function AgreementFigures({ agreement }: { agreement: Agreement }) {
  const [chosen, choose] = useState(0);
  if (agreement.pairs.length === 0) return <Empty title={t("agreement.none")} />;
  const pair = agreement.pairs[chosen] ?? agreement.pairs[0]!;
  return (
    <section class="agreement" aria-label={t("agreement.title")}>
      <CategoryCard agreement={agreement} />
      <AdjudicationCard agreement={agreement} />
      <DisagreementCard agreement={agreement} />
      <ShiftCard agreement={agreement} />
      <div class="agreement-pair">
        <h2>{t("agreement.two_readers")}</h2>
        <select
          aria-label={t("agreement.two_readers")}
          value={agreement.pairs.indexOf(pair)}
          onChange={(event) => choose(Number(event.currentTarget.value))}
        >
          {agreement.pairs.map((one, i) => (
            <option key={i} value={i}>
              {pairName(one.readers)}
            </option>
          ))}
        </select>
      </div>
      <AreasCard pair={pair} />
      <div class="agreement-column">
        <DiceCard pair={pair} />
        <CountsCard agreement={agreement} pair={pair} />
      </div>
      <RepeatsCard agreement={agreement} />
    </section>
  );
}

function CategoryCard({ agreement }: { agreement: Agreement }) {
  const title = t("agreement.categories.title");
  const rows = agreement.pairs.flatMap((pair) => [
    { group: pairName(pair.readers), label: t("agreement.kappa_quadratic"), estimate: pair.kappa_quadratic },
    { label: t("agreement.ac1"), estimate: pair.ac1 },
  ]);
  return (
    <FigureCard
      title={title}
      explained={t("agreement.categories.explained")}
      file="categories"
      text={() => categoriesCsv(agreement)}
    >
      <IntervalChart rows={rows} domain={coefficientDomain(rows.map((row) => row.estimate))} label={title} />
    </FigureCard>
  );
}

function names(readers: readonly ReaderAgreement[]): string {
  return readers.map((r) => readerName(r.reader)).join(", ");
}

function AdjudicationCard({ agreement }: { agreement: Agreement }) {
  const out = agreement.readers.filter((r) => r.out_of_control);
  return (
    <FigureCard
      title={t("agreement.adjudication.title")}
      explained={t("agreement.adjudication.explained")}
      file="adjudication"
      text={() => adjudicationCsv(agreement)}
    >
      <AdjudicationChart agreement={agreement} />
      <p class={out.length ? "note warn small" : "small"}>
        {out.length ? t("agreement.adjudication.out", { readers: names(out) }) : t("agreement.adjudication.in")}
      </p>
    </FigureCard>
  );
}

function DisagreementCard({ agreement }: { agreement: Agreement }) {
  const title = t("agreement.disagreement.title");
  const out = agreement.readers.filter((r) => r.stands_out);
  const judged = agreement.readers.some((r) => r.stands_out !== null);
  const none = judged ? t("agreement.disagreement.none") : t("agreement.disagreement.unjudged");
  const rows = agreement.readers.map((r) => ({
    label: readerName(r.reader),
    estimate: r.disagreement,
    marked: r.stands_out === true,
  }));
  return (
    <FigureCard
      title={title}
      explained={t("agreement.disagreement.explained")}
      file="disagreement"
      text={() => disagreementCsv(agreement)}
    >
      <IntervalChart rows={rows} domain={shareDomain(extent(rows.map((row) => row.estimate)))} label={title} bars />
      <p class={out.length ? "note warn small" : "small"}>
        {out.length ? t("agreement.disagreement.out", { readers: names(out) }) : none}
      </p>
    </FigureCard>
  );
}

function ShiftCard({ agreement }: { agreement: Agreement }) {
  const title = t("agreement.shift.title");
  const rows = agreement.readers.flatMap((r) => [
    { group: readerName(r.reader), label: t("agreement.shift.area"), estimate: r.shift_area },
    { label: t("agreement.shift.dice"), estimate: r.shift_dice },
  ]);
  return (
    <FigureCard title={title} explained={t("agreement.shift.explained")} file="shift" text={() => shiftCsv(agreement)}>
      <IntervalChart rows={rows} domain={coefficientDomain(rows.map((row) => row.estimate))} label={title} />
    </FigureCard>
  );
}

/** The value, and its interval or the reason why there is none under it. */
function ToldTwice({ estimate: e }: { estimate: Estimate }) {
  const interval = interval95(e, 2);
  return (
    <>
      {e.value !== null && (
        <>
          <strong>{number(e.value, 2)}</strong>
          <br />
        </>
      )}
      <span class={interval ? "quiet small nowrap" : "quiet small"}>{interval ?? word("agreement_note", e.note)}</span>
    </>
  );
}

const REPEATS = ["repeat_observed", "repeat_ac1", "repeat_icc", "repeatability_mm2", "repeatability_ratio"] as const;

function RepeatsCard({ agreement }: { agreement: Agreement }) {
  return (
    <FigureCard
      title={t("agreement.repeats.title")}
      explained={t("agreement.repeats.explained")}
      file="repeats"
      text={() => repeatsCsv(agreement)}
      wide
    >
      <div class="table-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t("agreement.repeats.reader")}</th>
              <th scope="col" class="num">
                {t("agreement.repeats.n")}
              </th>
              {REPEATS.map((name) => (
                <th key={name} scope="col">
                  {word("agreement_statistic", name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {agreement.readers.map((r) => (
              <tr key={r.reader}>
                <th scope="row">{readerName(r.reader)}</th>
                <td class="num">{number(r.repeat_observed.n, 0)}</td>
                {REPEATS.map((name) => (
                  <td key={name}>
                    <ToldTwice estimate={r[name]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </FigureCard>
  );
}

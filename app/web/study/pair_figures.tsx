/** The figures of two readers: areas, outlines, and their cases by category. */

import { useState } from "preact/hooks";
import { number, t, word } from "../shared/language";
import { areasCsv, diceCsv } from "./agreement_csv";
import { told } from "./agreement_words";
import type { Agreement, PairAgreement } from "./agreement_wire";
import { FigureCard } from "./figure_card";
import { LimitsChart, sentence } from "./limits_chart";
import { DiceChart } from "./reader_charts";

export function AreasCard({ pair }: { pair: PairAgreement }) {
  const [ratio, asRatio] = useState(false);
  const limits = ratio ? pair.ratios : pair.differences;
  return (
    <FigureCard
      title={t("agreement.areas.title")}
      explained={t("agreement.areas.explained")}
      file="areas"
      text={() => areasCsv(pair)}
    >
      <div class="segmented" role="group" aria-label={t("agreement.areas.scale")}>
        <button type="button" aria-pressed={!ratio} onClick={() => asRatio(false)}>
          {t("agreement.areas.differences")}
        </button>
        <button type="button" aria-pressed={ratio} onClick={() => asRatio(true)}>
          {t("agreement.areas.ratios")}
        </button>
      </div>
      <LimitsChart limits={limits} ratio={ratio} />
      <p class="small">{sentence(limits, ratio)}</p>
      <p class="small">{t("agreement.areas.icc", { icc: told(pair.icc), n: number(pair.icc.n, 0) })}</p>
    </FigureCard>
  );
}

export function DiceCard({ pair }: { pair: PairAgreement }) {
  return (
    <FigureCard
      title={t("agreement.dice.title")}
      explained={t("agreement.dice.explained")}
      file="dice"
      text={() => diceCsv(pair)}
    >
      <DiceChart pair={pair} />
      <p class="small">{t("agreement.dice.says", { mean: told(pair.dice), n: number(pair.dice.n, 0) })}</p>
    </FigureCard>
  );
}

export function CountsCard({ agreement, pair }: { agreement: Agreement; pair: PairAgreement }) {
  return (
    <section class="card agreement-card">
      <h2>{t("agreement.counts.title")}</h2>
      <div class="table-scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t("agreement.counts.corner", { first: pair.readers[0], second: pair.readers[1] })}</th>
              {agreement.categories.map((category) => (
                <th key={category} scope="col" class="num">
                  {word("agreement_category", category)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {pair.counts.map((row, i) => (
              <tr key={i}>
                <th scope="row">{word("agreement_category", agreement.categories[i]!)}</th>
                {row.map((cases, j) => (
                  <td key={j} class={i === j ? "num same" : "num"}>
                    {number(cases, 0)}
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

/** The p-chart of adjudication, and the histogram of Dice. */

import { number, t } from "../shared/language";
import { shareDomain, ticksBetween } from "./agreement_scales";
import { readerName, told } from "./agreement_words";
import type { Agreement, PairAgreement } from "./agreement_wire";
import { Axis, LEFT, RIGHT } from "./chart_axes";
import { linear, tickDigits, ticksTo } from "./scale";

const WIDTH = 460;
const TOP = 28;
const BOTTOM = 210;
const HEIGHT = 250;
const PERCENT = 100;

export function AdjudicationChart({ agreement }: { agreement: Agreement }) {
  const { readers, adjudication_centre: centre } = agreement;
  const [, most] = shareDomain(readers.flatMap((r) => [r.adjudicated.value, r.adjudicated_upper_limit]));
  const ticks = ticksTo(PERCENT * most);
  const y = linear([0, ticks.at(-1)!], [BOTTOM, TOP]);
  const step = (WIDTH - RIGHT - LEFT) / Math.max(1, readers.length);
  const said = readers.map((r) => `${readerName(r.reader)} ${told(r.adjudicated)}`).join("; ");
  return (
    <svg
      class="agreement-chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${t("agreement.adjudication.title")}: ${said}`}
    >
      <Axis title={t("agreement.adjudication.axis")} top={TOP} ticks={ticks} y={y} width={WIDTH} digits={0} />
      {centre !== null && (
        <line class="centre-line" x1={LEFT} x2={WIDTH - RIGHT} y1={y(PERCENT * centre)} y2={y(PERCENT * centre)} />
      )}
      {readers.map((r, i) => {
        const at = LEFT + step * (i + 0.5);
        return (
          <g key={r.reader} class={r.out_of_control ? "marked" : ""}>
            {[r.adjudicated_lower_limit, r.adjudicated_upper_limit].map(
              (limit, side) =>
                limit !== null && (
                  <line
                    key={side}
                    class="control-limit"
                    x1={at - step / 2}
                    x2={at + step / 2}
                    y1={y(PERCENT * limit)}
                    y2={y(PERCENT * limit)}
                  />
                ),
            )}
            {r.adjudicated.value !== null && (
              <circle class="mark open" cx={at} cy={y(PERCENT * r.adjudicated.value)} r={r.out_of_control ? 7 : 5} />
            )}
            <text x={at} y={BOTTOM + 18} class="tick middle reader-tick">
              {r.reader}
            </text>
            <text x={at} y={BOTTOM + 34} class="tick middle">
              {`n = ${number(r.adjudicated.n, 0)}`}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

export function DiceChart({ pair }: { pair: PairAgreement }) {
  const { dice, dice_bins: bins } = pair;
  const ticks = ticksTo(Math.max(1, ...bins), 4).filter(Number.isInteger);
  const y = linear([0, ticks.at(-1)!], [BOTTOM, TOP]);
  const x = linear([0, 1], [LEFT, WIDTH - RIGHT]);
  const across = ticksBetween([0, 1]);
  return (
    <svg
      class="agreement-chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${t("agreement.dice.title")}: ${told(dice)}`}
    >
      <Axis title={t("agreement.dice.axis")} top={TOP} ticks={ticks} y={y} width={WIDTH} digits={0} />
      {bins.map((cases, i) => {
        const [from, to] = [x(i / bins.length), x((i + 1) / bins.length)];
        return <rect key={i} class="dice-bar" x={from + 1} y={y(cases)} width={to - from - 2} height={BOTTOM - y(cases)} />;
      })}
      {dice.value !== null && <line class="mean-line" x1={x(dice.value)} x2={x(dice.value)} y1={TOP} y2={BOTTOM} />}
      {across.map((tick) => (
        <text key={tick} x={x(tick)} y={BOTTOM + 18} class="tick middle">
          {number(tick, tickDigits(across))}
        </text>
      ))}
      <text x={WIDTH - RIGHT} y={BOTTOM + 36} class="axis-title end">
        {t("agreement.dice.across")}
      </text>
    </svg>
  );
}

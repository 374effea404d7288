/** Bland and Altman's plot: each case's difference between two readers against its mean, bias and 95 % limits. */

import { number, t } from "../shared/language";
import { limitsDomain, ratioTicks, ticksBetween } from "./agreement_scales";
import { told } from "./agreement_words";
import type { Estimate, Limits } from "./agreement_wire";
import { Axis, LEFT, RIGHT } from "./chart_axes";
import { linear, tickDigits, ticksTo, type Scale } from "./scale";

const WIDTH = 460;
const TOP = 28;
const BOTTOM = 250;
const HEIGHT = 292;
/** Of ratios, which come near to one another. */
const RATIO_DIGITS = 2;

export function LimitsChart({ limits, ratio }: { limits: Limits; ratio: boolean }) {
  const even = ratio ? 1 : 0;
  const domain = limitsDomain(limits, even);
  const ticks = ratio ? ratioTicks(domain) : ticksBetween(domain);
  const ends = ratio ? domain : ([ticks[0]!, ticks.at(-1)!] as const);
  const y = vertical(ends, ratio);
  const across = ticksTo(Math.max(...limits.marks.map((mark) => mark.mean_mm2), 1));
  const x = linear([0, across.at(-1)!], [LEFT, WIDTH - RIGHT]);
  const digits = ratio ? RATIO_DIGITS : tickDigits(ticks);
  return (
    <svg class="agreement-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={sentence(limits, ratio)}>
      <Axis
        title={t(ratio ? "agreement.areas.ratio_axis" : "agreement.areas.difference_axis")}
        top={TOP}
        ticks={ticks}
        y={y}
        width={WIDTH}
        digits={digits}
      />
      {across.map((tick) => (
        <text key={tick} x={x(tick)} y={BOTTOM + 18} class="tick middle">
          {number(tick, tickDigits(across))}
        </text>
      ))}
      <text x={WIDTH - RIGHT} y={BOTTOM + 36} class="axis-title end">
        {t("agreement.areas.mean_axis")}
      </text>
      <line class="zero-line" x1={LEFT} x2={WIDTH - RIGHT} y1={y(even)} y2={y(even)} />
      {(["lower", "bias", "upper"] as const).map((name) => (
        <LimitLine key={name} estimate={limits[name]} y={y} name={name} />
      ))}
      {limits.marks.map((mark, i) => (
        <circle key={i} class="case-mark" cx={x(mark.mean_mm2)} cy={y(mark.apart)} r={3.6} />
      ))}
    </svg>
  );
}

/** Up the screen; ratios by their logarithm, so that twice and half lie equally far from 1. */
function vertical(ends: readonly [number, number], ratio: boolean): Scale {
  if (!ratio) return linear(ends, [BOTTOM, TOP]);
  const scale = linear([Math.log(ends[0]), Math.log(ends[1])], [BOTTOM, TOP]);
  return (value) => scale(Math.log(value));
}

function LimitLine({ estimate: e, y, name }: { estimate: Estimate; y: Scale; name: string }) {
  if (e.value === null) return null;
  return (
    <g class={`agreement-limit ${name}`}>
      {e.low !== null && e.high !== null && (
        <rect x={LEFT} y={y(e.high)} width={WIDTH - LEFT - RIGHT} height={Math.max(0, y(e.low) - y(e.high))} />
      )}
      <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(e.value)} y2={y(e.value)} />
    </g>
  );
}

/** Bias and limits in one sentence, for the picture's name and the line under it. */
export function sentence(limits: Limits, ratio: boolean): string {
  if (limits.bias.value === null) return t("agreement.areas.untold", { reason: told(limits.bias) });
  const digits = ratio ? RATIO_DIGITS : 1;
  return t(ratio ? "agreement.areas.ratio_says" : "agreement.areas.difference_says", {
    bias: told(limits.bias, digits),
    lower: told(limits.lower, digits),
    upper: told(limits.upper, digits),
  });
}

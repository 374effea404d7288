/** A site's phantom shots in time: deviation from the true area, centre and limits of its control chart. */

import type { SiteDrift } from "../shared/cards_wire";
import { day, t, tn } from "../shared/language";
import { ticksBetween } from "./agreement_scales";
import { Axis, LEFT, LegendList, RIGHT } from "./chart_axes";
import { driftDomain, signed } from "./drift";
import { linear, tickDigits } from "./scale";

const WIDTH = 640;
const TOP = 28;
const BOTTOM = 210;
const HEIGHT = 244;
/** Room between the axis and the first and last mark. */
const INSET = 16;
/** Dates that are written under the axis: first, middle, last. */
const DATES = 3;

export function DriftChart({ drift }: { drift: SiteDrift }) {
  const { points, centre_percent: centre, lower_percent: lower, upper_percent: upper } = drift;
  const ticks = ticksBetween(driftDomain(drift));
  const y = linear([ticks[0]!, ticks.at(-1)!], [BOTTOM, TOP]);
  const times = points.map((point) => Date.parse(point.taken_at));
  const x = linear([times[0]!, Math.max(times.at(-1)!, times[0]! + 1)], [LEFT + INSET, WIDTH - RIGHT - INSET]);
  const written = new Set(Array.from({ length: DATES }, (_, i) => Math.round((i * (points.length - 1)) / (DATES - 1))));
  return (
    <svg class="drift-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={chartSays(drift)}>
      <Axis title={t("cards.axis")} top={TOP} ticks={ticks} y={y} width={WIDTH} digits={tickDigits(ticks)} />
      {[lower, upper].map((limit) => limit !== null && <Level key={limit} name="control-limit" at={y(limit)} />)}
      {centre !== null && <Level name="centre-line" at={y(centre)} />}
      <path
        class="drift-line"
        d={points.map((point, i) => `${i ? "L" : "M"}${x(times[i]!)} ${y(point.deviation_percent)}`).join("")}
      />
      {points.map((point, i) => (
        <ShotMark
          key={point.shot_id}
          x={x(times[i]!)}
          y={y(point.deviation_percent)}
          signalled={point.signals.length > 0}
        />
      ))}
      {points.map(
        (point, i) =>
          written.has(i) && (
            <text
              key={point.shot_id}
              x={x(times[i]!)}
              y={BOTTOM + 20}
              class={i === points.length - 1 && i > 0 ? "tick right" : "tick middle"}
            >
              {day(point.taken_at)}
            </text>
          ),
      )}
    </svg>
  );
}

function Level({ name, at }: { name: string; at: number }) {
  return <line class={name} x1={LEFT} x2={WIDTH - RIGHT} y1={at} y2={at} />;
}

/** A signalled shot differs in form, not by its colour alone. */
function ShotMark({ x, y, signalled }: { x: number; y: number; signalled: boolean }) {
  if (!signalled) return <circle class="shot-mark" cx={x} cy={y} r={4.5} />;
  const r = 7;
  return <path class="shot-mark signalled" d={`M${x} ${y - r}l${r} ${r} ${-r} ${r} ${-r} ${-r}z`} />;
}

/** The chart in one sentence. */
export function chartSays(drift: SiteDrift): string {
  return tn("cards.chart_says", drift.points.length, {
    refused: drift.refused,
    centre: signed(drift.centre_percent ?? 0),
    lower: signed(drift.lower_percent ?? 0),
    upper: signed(drift.upper_percent ?? 0),
  });
}

export function DriftLegend() {
  const entries = [
    { mark: <line class="centre-line" x1={0} x2={18} y1={9} y2={9} />, text: t("cards.legend.centre") },
    { mark: <line class="control-limit" x1={0} x2={18} y1={9} y2={9} />, text: t("cards.legend.limits") },
    { mark: <ShotMark x={9} y={9} signalled />, text: t("cards.legend.signalled") },
  ];
  return <LegendList entries={entries} />;
}

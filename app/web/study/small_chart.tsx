/** One small multiple: the area's course in a postcard. */

import { number } from "../shared/language";
import { AbsenceMark, AreaLine, IntervalBar, NoneMark, OpenMark } from "./chart_marks";
import { linear, ticksTo, weeks } from "./scale";
import { byDay, isOpen, type CoursePoint } from "./series";

const WIDTH = 260;
const LEFT = 30;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 104;
const LANE_Y = 118;
const HEIGHT = 146;
/** Ticks of so small a chart: few. */
const TICKS = 3;

export function SmallChart({ points, highest, label }: { points: CoursePoint[]; highest: number; label: string }) {
  const ticks = ticksTo(highest || 1, TICKS);
  const days = points.flatMap((p) => [p.day, p.visit.day]);
  const x = linear([Math.min(...days), Math.max(...days)], [LEFT + 8, WIDTH - RIGHT]);
  const y = linear([0, ticks.at(-1)!], [BOTTOM, TOP]);
  return (
    <svg class="small-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {ticks.map((tick) => (
        <g key={tick} class="axis">
          <line x1={LEFT} x2={WIDTH - 4} y1={y(tick)} y2={y(tick)} class={tick === 0 ? "zero-line" : "grid-line"} />
          <text x={LEFT - 6} y={y(tick) + 4} class="tick right">
            {number(tick, Number.isInteger(tick) ? 0 : 1)}
          </text>
        </g>
      ))}
      <AreaLine points={byDay(points)} x={x} y={y} />
      {points.map((p) => (
        <g key={p.visit.code}>
          <IntervalBar point={p} x={x(p.day)} y={y} />
          {p.area_mm2 === null ? (
            <AbsenceMark state={p.state} x={x(p.day)} y={LANE_Y} />
          ) : isOpen(p) ? (
            <OpenMark x={x(p.day)} y={y(p.area_mm2)} />
          ) : (
            <NoneMark x={x(p.day)} y={y(0)} />
          )}
          <text x={x(p.visit.day)} y={HEIGHT - 6} class="tick middle">
            {number(weeks(p.visit.day), 0)}
          </text>
        </g>
      ))}
    </svg>
  );
}

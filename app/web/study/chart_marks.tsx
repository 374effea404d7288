/** The marks and lines of a series, the same in the large chart, the small multiples and the legend. */

import { interval } from "../shared/interval";
import type { CaptureState } from "../shared/wire";
import type { Scale } from "./scale";
import { stretches, type CoursePoint } from "./series";

interface MarkProps {
  x: number;
  y: number;
  selected?: boolean;
}

export function OpenMark({ x, y, selected }: MarkProps) {
  return <circle class={selected ? "mark open selected" : "mark open"} cx={x} cy={y} r={selected ? 6 : 4.5} />;
}

/** No open area found: a diamond on the zero line. */
export function NoneMark({ x, y, selected }: MarkProps) {
  const r = selected ? 7 : 5.5;
  return <path class={selected ? "mark none selected" : "mark none"} d={`M${x} ${y - r}l${r} ${r} ${-r} ${r} ${-r} ${-r}z`} />;
}

export function RefusedMark({ x, y, selected }: MarkProps) {
  const r = selected ? 5.5 : 4.2;
  return <path class="mark refused" d={`M${x - r} ${y - r}l${2 * r} ${2 * r}M${x + r} ${y - r}l${-2 * r} ${2 * r}`} />;
}

export function MissingMark({ x, y, selected }: MarkProps) {
  return <circle class="mark missing" cx={x} cy={y} r={selected ? 5.5 : 4.2} />;
}

export function WaitingMark({ x, y }: MarkProps) {
  return <circle class="mark waiting" cx={x} cy={y} r={3.5} />;
}

/** The mark of a visit without a value. */
export function AbsenceMark({ state, ...place }: MarkProps & { state: CaptureState | null }) {
  if (state === null) return <MissingMark {...place} />;
  if (state === "refused" || state === "failed") return <RefusedMark {...place} />;
  return <WaitingMark {...place} />;
}

interface LineProps {
  points: CoursePoint[];
  x: Scale;
  y: Scale;
}

function Line({ points, x, y, pick, name }: LineProps & { pick: (p: CoursePoint) => number | null; name: string }) {
  return (
    <g aria-hidden="true">
      {stretches(points, pick).map(({ from, to, unbroken }) => (
        <line
          key={to.visit.code}
          class={unbroken ? `series-line ${name}` : `series-line ${name} broken`}
          x1={x(from.day)}
          x2={x(to.day)}
          y1={y(pick(from)!)}
          y2={y(pick(to)!)}
        />
      ))}
    </g>
  );
}

export const AreaLine = (props: LineProps) => <Line {...props} pick={(p) => p.area_mm2} name="area" />;
export const HealedLine = (props: LineProps) => <Line {...props} pick={(p) => p.epithelialisation_percent} name="healed" />;

const CAP_PX = 4;

export function IntervalBar({ point, x, y }: { point: CoursePoint; x: number; y: Scale }) {
  if (point.area_mm2 === null || !point.u_area_mm2) return null;
  const [low, high] = interval(point.area_mm2, point.u_area_mm2).map(y) as [number, number];
  const d = `M${x} ${low}V${high}M${x - CAP_PX} ${low}h${2 * CAP_PX}M${x - CAP_PX} ${high}h${2 * CAP_PX}`;
  return <path class="interval-bar" d={d} />;
}

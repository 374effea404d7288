/** The marks of a series, the same in the large chart, the small multiples and the legend. */

import type { CaptureState } from "../shared/wire";

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

/** One ulcer's course: every visit of the protocol with what is known of it. Pure functions. */

import { interval } from "../shared/interval";
import type { CaptureState, SeriesItem, Ulcer, Verdict, Visit } from "../shared/wire";

export interface CoursePoint {
  visit: Visit;
  /** Day since baseline: of the photograph where there is one, else the visit's target. */
  day: number;
  capture_id: string | null;
  /** null: no photograph yet. */
  state: CaptureState | null;
  area_mm2: number | null;
  u_area_mm2: number | null;
  epithelialisation_percent: number | null;
  epithelialisation_method: "footprint" | "area" | null;
  verdict: Verdict | null;
  percent_area_reduction: number | null;
}

const UNKNOWN = {
  area_mm2: null,
  u_area_mm2: null,
  epithelialisation_percent: null,
  epithelialisation_method: null,
  verdict: null,
  percent_area_reduction: null,
} as const;

/** The ulcer's visits in the protocol's order, whether photographed or not. */
export function courseOf(ulcer: Ulcer, visits: readonly Visit[], items: readonly SeriesItem[]): CoursePoint[] {
  const own = items.filter((item) => item.ulcer_id === ulcer.id);
  return [...visits]
    .sort((a, b) => a.day - b.day)
    .map((visit) => {
      const timepoint = ulcer.timepoints.find((t) => t.visit_code === visit.code);
      const item =
        own.find((i) => i.capture_id === timepoint?.capture_id) ?? own.filter((i) => i.visit_code === visit.code).at(-1);
      const bare = {
        visit,
        day: visit.day,
        capture_id: timepoint?.capture_id ?? null,
        state: timepoint?.state ?? null,
        ...UNKNOWN,
      };
      if (!item) return bare;
      const { ulcer_id: _ulcer, visit_code: _visit, ...known } = item;
      return { ...bare, ...known, day: item.day ?? visit.day };
    });
}

/** The same points as time went: a visit may be photographed late, even after the next one. */
export function byDay(points: readonly CoursePoint[]): CoursePoint[] {
  return [...points].sort((a, b) => a.day - b.day);
}

export function isOpen(point: CoursePoint): boolean {
  return point.area_mm2 !== null && point.area_mm2 > 0;
}

/** Upper end of the highest interval bar: what a chart's axis has to hold. */
export function highest_mm2(points: readonly CoursePoint[]): number {
  const ends = points
    .filter((p) => p.area_mm2 !== null)
    .map((p) => interval(p.area_mm2!, p.u_area_mm2 ?? 0)[1]);
  return Math.max(0, ...ends);
}

export function lastMeasured(points: readonly CoursePoint[]): CoursePoint | null {
  return points.filter((p) => p.state === "measured").at(-1) ?? null;
}

export interface Stretch {
  from: CoursePoint;
  to: CoursePoint;
  /** False where a visit between the two gave no value: drawn dashed. */
  unbroken: boolean;
}

/** The lines between neighbouring values of `pick`. */
export function stretches(points: readonly CoursePoint[], pick: (p: CoursePoint) => number | null): Stretch[] {
  const found: Stretch[] = [];
  let last = -1;
  points.forEach((point, i) => {
    if (pick(point) === null) return;
    if (last >= 0) found.push({ from: points[last]!, to: point, unbroken: i === last + 1 });
    last = i;
  });
  return found;
}

export interface Progress {
  total: number;
  measured: number;
  refused: number;
  failed: number;
  under_way: number;
}

export function progressOf(states: readonly (CaptureState | null)[]): Progress {
  const count = (...wanted: CaptureState[]) => states.filter((s) => s !== null && wanted.includes(s)).length;
  return {
    total: states.filter((s) => s !== null).length,
    measured: count("measured"),
    refused: count("refused"),
    failed: count("failed"),
    under_way: count("received", "measuring"),
  };
}

/** What the person is told while frames come ten times a second: nothing that flickers. */

import { foremost, type TabletCode, type TabletCriterion } from "./gate";

/** A finding has to hold for so many frames (about a third of a second) before it is shown; hands tremble. */
export const FRAMES_TO_SHOW = 3;

export type Told = "waiting" | "good" | TabletCode;

export interface Steady {
  told: Told;
  /** What the last frames say instead, and how many of them in a row. */
  next: Told;
  frames: number;
}

export const AT_FIRST: Steady = { told: "waiting", next: "waiting", frames: 0 };

export function steadied(before: Steady, criteria: readonly TabletCriterion[]): Steady {
  const next: Told = foremost(criteria)?.code ?? "good";
  if (next === before.told) return { told: next, next, frames: 0 };
  const frames = next === before.next ? before.frames + 1 : 1;
  // The first finding is shown at once: there is nothing yet that it could flicker against.
  if (frames >= FRAMES_TO_SHOW || before.told === "waiting") return { told: next, next, frames: 0 };
  return { told: before.told, next, frames };
}

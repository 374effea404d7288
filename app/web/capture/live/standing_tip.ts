/** The fingertip that stands up through the slot, without a network: whether one stands there or a finger lies, and
 * how it is lit.
 *
 * What differs from the floor along the slot's sides and looks like skin is taken for the digit; the service's network
 * knows its real outline. */

import { median, percentile } from "./algebra";
import { CARD, SLOT } from "./digit_card";
import { FLOOR_INSET_MM, type FingerLook } from "./finger";
import { lightOn, type CardCut, type Light, type PaperLight } from "./paper_light";
import { coloursAt } from "./picture";
import { exposureOf, hueOf, LEAST_DIFFERENCE, looksLikeSkin, type Codes } from "./skin";

/** How far a tip stands above the card (calibration/pose.py). */
const PROTRUSION_MM = 12;

/** Beyond and below these a region is a digit that lies, or no fingertip (calibration/tip_outline.py). */
const LONGEST_MM = 34;
const SHORTEST_MM = 7;

const STEP_MM = 0.75;

/** So far beyond the card's lower edge a lying digit is followed. */
const BEYOND_MM = 8;

/** A row holds the digit where so much of it looks like skin: half of the least fingertip. */
const LEAST_ROW_MM = 3.5;

/** The floor beside a row is looked at so far up and down along the slot: a cloth or a shadow begins somewhere. */
const FLOOR_REACH_MM = 8;

/** Grain of the floor: what lies within so many times this percentile of the floor's own spread is floor (set with the
 * renderings of benchmarks/tip_guidance.py --seed 11). */
const FLOOR_PERCENTILE = 90;
const FLOOR_SPREADS = 1.25;

/** Where the floor itself looks like skin so widely (wood, the hand under the card), nothing is said of a missing tip:
 * the tip may look like it. */
const SKIN_LIKE_FLOOR = 0.5;

/** Null where too little of the slot is in the picture. */
export function lookAtTip(cut: CardCut, paper: PaperLight): FingerLook | null {
  const sides = [SLOT.left + FLOOR_INSET_MM, SLOT.right - FLOOR_INSET_MM].map((x) => floorAlong(cut, x));
  const floor = sides.flat().map(({ light }) => light);
  if (floor.length === 0) return null;
  const rows: Row[] = [];
  for (let y = SLOT.top + FLOOR_INSET_MM; y < CARD.height_mm + BEYOND_MM; y += STEP_MM) {
    const ranges = sides.map((side) => rangeAt(y, side, paper)).filter((range) => range !== null);
    rows.push(rowAt(cut, paper, y, (light) => ranges.some((range) => isOutside(light, range, paper))));
  }
  const run = longestRun(rows);
  const middle_mm = run.length > 0 ? (run[0]!.y_mm + run.at(-1)!.y_mm) / 2 : (SLOT.top + SLOT.bottom) / 2;
  return {
    ...exposureOf(run.map((row) => row.codes), paper, STEP_MM),
    finding: findingOf(run.length * STEP_MM, floor, paper),
    scale_place: [(SLOT.left + SLOT.right) / 2, middle_mm, -PROTRUSION_MM],
  };
}

function findingOf(length_mm: number, floor: readonly Light[], paper: PaperLight): FingerLook["finding"] {
  if (length_mm > LONGEST_MM) return "pose_mismatch";
  const skinLike = floor.filter((light) => looksLikeSkin(light, paper)).length >= SKIN_LIKE_FLOOR * floor.length;
  return length_mm < SHORTEST_MM && !skinLike ? "tip_not_found" : null;
}

interface Floor {
  y_mm: number;
  light: Light;
}

function floorAlong(cut: CardCut, x_mm: number): Floor[] {
  const floor: Floor[] = [];
  for (let y = SLOT.top + FLOOR_INSET_MM; y < CARD.height_mm; y += STEP_MM) {
    const light = lightOn(cut, [x_mm, y, 0]);
    if (light) floor.push({ y_mm: y, light });
  }
  return floor;
}

/** What the floor looks like: middle and reach of its two hues and of its brightness. */
type Range = { middle: number; reach: number }[];

function traitsOf(light: Light, paper: PaperLight): readonly number[] {
  return [...hueOf(light, paper), Math.log(light[0] + light[1] + light[2])];
}

/** Beside one row, which may lie beyond the card's edge; null where that side is not in the picture. */
function rangeAt(y_mm: number, side: readonly Floor[], paper: PaperLight): Range | null {
  const from_mm = Math.min(y_mm, CARD.height_mm) - FLOOR_REACH_MM;
  const traits = side
    .filter((floor) => floor.y_mm > from_mm && floor.y_mm < from_mm + 2 * FLOOR_REACH_MM)
    .map(({ light }) => traitsOf(light, paper));
  if (traits.length === 0) return null;
  return [0, 1, 2].map((k) => {
    const values = traits.map((trait) => trait[k]!);
    const middle = median(values);
    const spread = percentile(values.map((value) => Math.abs(value - middle)), FLOOR_PERCENTILE);
    return { middle, reach: Math.max(LEAST_DIFFERENCE, FLOOR_SPREADS * spread) };
  });
}

function isOutside(light: Light, range: Range, paper: PaperLight): boolean {
  return traitsOf(light, paper).some((trait, k) => Math.abs(trait - range[k]!.middle) > range[k]!.reach);
}

interface Row {
  y_mm: number;
  holds: boolean;
  /** From the first place that looks like the digit to the last: an ulcer between them does not look like skin. */
  codes: Codes[];
}

function rowAt(cut: CardCut, paper: PaperLight, y_mm: number, isNoFloor: (light: Light) => boolean): Row {
  const seen: { codes: Codes; digit: boolean }[] = [];
  for (let x = SLOT.left + FLOOR_INSET_MM; x < SLOT.right - FLOOR_INSET_MM; x += STEP_MM) {
    const [u, v] = cut.camera.project([x, y_mm, 0]);
    const codes = coloursAt(cut.colours, [u - cut.origin[0], v - cut.origin[1]]);
    const light = lightOn(cut, [x, y_mm, 0]);
    if (codes && light) seen.push({ codes, digit: looksLikeSkin(light, paper) && isNoFloor(light) });
  }
  const first = seen.findIndex(({ digit }) => digit);
  const last = seen.findLastIndex(({ digit }) => digit);
  const holds = seen.filter(({ digit }) => digit).length * STEP_MM >= LEAST_ROW_MM;
  return { y_mm, holds, codes: holds ? seen.slice(first, last + 1).map(({ codes }) => codes) : [] };
}

function longestRun(rows: readonly Row[]): Row[] {
  let best: Row[] = [];
  let run: Row[] = [];
  for (const row of rows) {
    run = row.holds ? [...run, row] : [];
    if (run.length > best.length) best = run;
  }
  return best;
}

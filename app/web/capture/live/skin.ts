/** What tells skin from table and paper, and how a part of a finger is lit. */

import { LINEAR } from "./picture";
import type { Light, PaperLight } from "./paper_light";

/** Skin and wounds reflect red more than green, and green more than blue: logarithms of these ratios, relative to
 * white paper, set between all skin of phantoms and grey, white and blue tables (own choice). */
const LEAST_RED_TO_GREEN = 0.12;
const LEAST_GREEN_TO_BLUE = 0.02;

/** Skin differs at least so much (logarithm of any channel's light) from the floor beside it; a bare table of wood
 * does not. */
export const LEAST_DIFFERENCE = 0.08;

/** 8-bit code from which a channel is clipped, and up to which all hold no texture (as the service's). */
const FULL_SCALE = 254;
const DARK_CODE = 8;

/** A pixel whose three channels all reach this share of white paper's light mirrors the lamp (as the service's). */
const HIGHLIGHT_SHARE = 0.8;

/** Reflections are judged on stretches as long as a middling ulcer: the worst one counts. */
const STRETCH_MM = 6;
/** They overlap by two thirds, so that none falls between two. */
const STARTS_IN_STRETCH = 3;

/** Red, green and blue of one pixel, 0–255. */
export type Codes = readonly [number, number, number];

/** Shares of what is seen of a finger; null where nothing is. */
export interface Exposure {
  clipped_percent: number | null;
  dark_percent: number | null;
  glare_percent: number | null;
}

/** Against white paper: logarithms of red to green, and of green to blue. */
export function hueOf(light: Light, { rgb }: PaperLight): [number, number] {
  const [red, green, blue] = [light[0] / rgb[0], light[1] / rgb[1], light[2] / rgb[2]];
  return [Math.log(red / green), Math.log(green / blue)];
}

export function looksLikeSkin(light: Light, paper: PaperLight): boolean {
  const [redToGreen, greenToBlue] = hueOf(light, paper);
  return redToGreen >= LEAST_RED_TO_GREEN && greenToBlue >= LEAST_GREEN_TO_BLUE;
}

/** How the pixels of a finger are lit, given row by row, `step_mm` from one to the next. */
export function exposureOf(rows: readonly Codes[][], paper: PaperLight, step_mm: number): Exposure {
  const all = rows.flat();
  if (all.length === 0) return { clipped_percent: null, dark_percent: null, glare_percent: null };
  return {
    clipped_percent: share(all, (codes) => Math.max(...codes) >= FULL_SCALE),
    dark_percent: share(all, (codes) => Math.max(...codes) <= DARK_CODE),
    glare_percent: worstStretch(rows, step_mm, (list) => share(list, (codes) => mirrors(codes, paper))),
  };
}

function share(list: readonly Codes[], holds: (codes: Codes) => boolean): number {
  return (100 * list.filter(holds).length) / list.length;
}

function mirrors(codes: Codes, paper: PaperLight): boolean {
  if (Math.max(...codes) >= FULL_SCALE) return true;
  return codes.every((code, k) => LINEAR[code]! >= HIGHLIGHT_SHARE * paper.rgb[k]!);
}

function worstStretch(rows: readonly Codes[][], step_mm: number, percent: (list: Codes[]) => number): number {
  const length = Math.round(STRETCH_MM / step_mm);
  const step = Math.max(1, Math.round(length / STARTS_IN_STRETCH));
  let worst = 0;
  for (let start = 0; start + length <= rows.length; start += step) {
    worst = Math.max(worst, percent(rows.slice(start, start + length).flat()));
  }
  return worst;
}

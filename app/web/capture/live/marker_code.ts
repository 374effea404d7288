/** Which of the card's markers a four-sided shape is. */

import { carried, fitHomography, median, type Point } from "./algebra";
import { MARKER_IDS } from "./digit_card";
import { greyAt, type Grey } from "./picture";

/** Bits of OpenCV's DICT_4X4_50 by id, row by row from the top left, 1 is white; a test holds them to OpenCV. */
export const CODES: readonly number[] = [0xb532, 0x0f9a, 0x332d, 0x9946, 0x549e, 0x79cd];

const BITS = 4;
/** Bits and the black border on either side. */
export const MODULES = BITS + 2;

/** A module's value is the mean over these places in it, from its left and top edge. */
const PLACES = [0.3, 0.5, 0.7] as const;

/** Between the border's black and the ground's white lie at least so many codes: a tenth of a dim picture's range. */
const LEAST_CONTRAST = 22;

/** So many of the 20 modules of the border may be light, so many of the 28 places round it dark: noise and
 * highlights take one or two, a cover over a corner takes more. */
const LIGHT_IN_BORDER = 1;
const DARK_AROUND = 4;

/** White ground is looked at this many modules outside the border: the card leaves a whole one. */
const AROUND = 0.45;

const SQUARE: readonly Point[] = [[0, 0], [MODULES, 0], [MODULES, MODULES], [0, MODULES]];

export interface Reading {
  id: number;
  /** Clockwise from the marker's own top-left corner. */
  corners: Point[];
}

/** Read the shape with these corners (clockwise in the picture); null where it is none of the card's markers. */
export function readMarker(grey: Grey, corners: readonly Point[]): Reading | null {
  const plane = fitHomography(SQUARE, corners);
  if (!plane) return null;
  const at = (x: number, y: number) => greyAt(grey, ...carried(plane, [x, y]));
  const border = borderPlaces(0.5).map(([x, y]) => moduleMean(at, x - 0.5, y - 0.5));
  const around = borderPlaces(-AROUND).map(([x, y]) => at(x, y));
  const [dark, light] = [median(border), median(around)];
  if (light - dark < LEAST_CONTRAST) return null;
  const middle = (dark + light) / 2;
  if (border.filter((value) => value > middle).length > LIGHT_IN_BORDER) return null;
  if (around.filter((value) => value < middle).length > DARK_AROUND) return null;
  const bits = Array.from({ length: BITS * BITS }, (_, i) => {
    const [row, column] = [Math.floor(i / BITS), i % BITS];
    return moduleMean(at, column + 1, row + 1) > middle;
  });
  return named(bits, corners);
}

/** Middles of the modules along a square's four sides, `inset` modules inside the marker's own edge. */
function borderPlaces(inset: number): Point[] {
  const places: Point[] = [];
  const steps = inset > 0 ? MODULES - 1 : MODULES + 1;
  const [low, high] = [inset, MODULES - inset];
  for (let i = 0; i < steps; i++) {
    const along = low + ((high - low) * i) / steps;
    const back = high - (along - low);
    places.push([along, low], [high, along], [back, high], [low, back]);
  }
  return places;
}

function moduleMean(at: (x: number, y: number) => number, left: number, top: number): number {
  let sum = 0;
  for (const dy of PLACES) for (const dx of PLACES) sum += at(left + dx, top + dy);
  return sum / PLACES.length ** 2;
}

/** The id whose bits these are in one of four turns, and the corners turned with them. */
function named(bits: readonly boolean[], corners: readonly Point[]): Reading | null {
  let turned = [...bits];
  for (let turns = 0; turns < 4; turns++) {
    const code = turned.reduce((sum, bit) => 2 * sum + Number(bit), 0);
    const id = CODES.indexOf(code);
    // Turned back by so many quarters, the marker's own first corner is the picture's `turns`-th.
    if (MARKER_IDS.includes(id)) return { id, corners: corners.map((_, i) => corners[(i + turns) % 4]!) };
    turned = quarterBack(turned);
  }
  return null;
}

/** The square of bits turned anticlockwise by a quarter. */
function quarterBack(bits: readonly boolean[]): boolean[] {
  return bits.map((_, i) => {
    const [row, column] = [Math.floor(i / BITS), i % BITS];
    return bits[column * BITS + (BITS - 1 - row)]!;
  });
}

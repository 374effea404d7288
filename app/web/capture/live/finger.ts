/** The finger in the slot, without a network: whether one lies there, and how it is lit.
 *
 * A typical finger is taken to lie along the slot's middle; its upper side is looked at where the camera sees it. The
 * service knows the real outline, and the ulcer. */

import { median } from "./algebra";
import type { Place } from "./camera";
import { CARD, SLOT } from "./digit_card";
import { coloursAt, LINEAR } from "./picture";
import { lightOn, type CardCut, type Light, type PaperLight } from "./paper_light";

/** Half the diameter of the digit that the measurement design reckons with. */
const TYPICAL_RADIUS_MM = 8;

/** Round the top so far on either side: what lies there is finger on thin ones too, and on fingers 3 mm aside. */
const SEEN_DEG = 35;
const ANGLE_STEP_DEG = 2.5;
const ALONG_STEP_MM = 0.3;

/** From here to the card's lower edge there is finger wherever enough of it lies in the slot (20 mm). */
const FINGER_FROM_MM = CARD.height_mm - 20;

/** Where a finger's top line is held for the photograph's resolution: a third of the way along what is seen. */
const SCALE_PLACE_MM = 33;

/** The floor beside a finger is looked at so near to the slot's sides. */
const FLOOR_INSET_MM = 1.5;

/** Skin and wounds reflect red more than green, and green more than blue: logarithms of these ratios, relative to
 * white paper, set between all skin of phantoms and grey, white and blue tables (own choice). */
const LEAST_RED_TO_GREEN = 0.12;
const LEAST_GREEN_TO_BLUE = 0.02;
/** So much of what is seen has to look like skin: a dressing or eschar may cover the rest, or the finger
 * lie at the slot's side. */
const LEAST_SKIN_SHARE = 0.2;
/** Skin differs at least so much (logarithm of any channel's light) from the floor beside it; a bare table of wood
 * does not. */
const LEAST_DIFFERENCE = 0.08;

/** 8-bit code from which a channel is clipped, and up to which all hold no texture (as the service's). */
const FULL_SCALE = 254;
const DARK_CODE = 8;

/** A pixel whose three channels all reach this share of white paper's light mirrors the lamp (as the service's). */
const HIGHLIGHT_SHARE = 0.8;

/** Reflections are judged on stretches as long as a middling ulcer: the worst one counts. */
const STRETCH_MM = 6;
/** They overlap by two thirds, so that none falls between two. */
const STARTS_IN_STRETCH = 3;

/** For its colour alone, every fourth place round the finger is looked at, every millimetre. */
const COLOUR_EVERY = 4;
const COLOUR_STEP_MM = 1;

export interface FingerLook {
  present: boolean;
  clipped_percent: number;
  dark_percent: number;
  glare_percent: number;
}

/** The place on a typical finger whose scale counts for the photograph. */
export const SCALE_PLACE: Place = [(SLOT.left + SLOT.right) / 2, SCALE_PLACE_MM, -2 * TYPICAL_RADIUS_MM];

/** Null where too little of the slot is in the picture. */
export function lookAtFinger(cut: CardCut, paper: PaperLight): FingerLook | null {
  const rows: (readonly [number, number, number])[][] = [];
  for (let y = FINGER_FROM_MM; y < CARD.height_mm; y += ALONG_STEP_MM) {
    const seen = topPlaces(y).flatMap((place) => {
      const [x, v] = cut.camera.project(place);
      const codes = coloursAt(cut.colours, [x - cut.origin[0], v - cut.origin[1]]);
      return codes ? [codes] : [];
    });
    if (seen.length > 0) rows.push(seen);
  }
  const all = rows.flat();
  if (all.length === 0) return null;
  const share = (list: readonly Codes[], holds: (codes: Codes) => boolean) =>
    (100 * list.filter(holds).length) / list.length;
  return {
    present: isPresent(cut, paper),
    clipped_percent: share(all, (codes) => Math.max(...codes) >= FULL_SCALE),
    dark_percent: share(all, (codes) => Math.max(...codes) <= DARK_CODE),
    glare_percent: worstStretch(rows, (list) => share(list, (codes) => mirrors(codes, paper))),
  };
}

type Codes = readonly [number, number, number];

function topPlaces(y_mm: number): Place[] {
  const places: Place[] = [];
  for (let deg = -SEEN_DEG; deg <= SEEN_DEG; deg += ANGLE_STEP_DEG) {
    const angle = (deg * Math.PI) / 180;
    const middle = (SLOT.left + SLOT.right) / 2;
    places.push([middle + TYPICAL_RADIUS_MM * Math.sin(angle), y_mm, -TYPICAL_RADIUS_MM * (1 + Math.cos(angle))]);
  }
  return places;
}

function mirrors(codes: Codes, paper: PaperLight): boolean {
  if (Math.max(...codes) >= FULL_SCALE) return true;
  return codes.every((code, k) => LINEAR[code]! >= HIGHLIGHT_SHARE * paper.rgb[k]!);
}

function worstStretch(rows: Codes[][], percent: (list: Codes[]) => number): number {
  const length = Math.round(STRETCH_MM / ALONG_STEP_MM);
  let worst = 0;
  for (let start = 0; start + length <= rows.length; start += Math.round(length / STARTS_IN_STRETCH)) {
    worst = Math.max(worst, percent(rows.slice(start, start + length).flat()));
  }
  return worst;
}

/** Whether what lies on the middle line looks like skin, and unlike the floor on one of its sides: thick and slanting
 * fingers cover the other. */
function isPresent(cut: CardCut, paper: PaperLight): boolean {
  const middle: Light[] = [];
  const floors: [Light[], Light[]] = [[], []];
  for (let y = FINGER_FROM_MM; y < CARD.height_mm; y += COLOUR_STEP_MM) {
    for (const place of topPlaces(y).filter((_, i) => i % COLOUR_EVERY === 2)) add(middle, lightOn(cut, place));
  }
  for (let y = SLOT.top + FLOOR_INSET_MM; y < CARD.height_mm; y += COLOUR_STEP_MM) {
    add(floors[0], lightOn(cut, [SLOT.left + FLOOR_INSET_MM, y, 0]));
    add(floors[1], lightOn(cut, [SLOT.right - FLOOR_INSET_MM, y, 0]));
  }
  const skin = middle.filter((light) => looksLikeSkin(light, paper));
  if (skin.length < LEAST_SKIN_SHARE * middle.length) return false;
  return floors.some((floor) => floor.length === 0 || differs(skin, floor));
}

function add(list: Light[], light: Light | null): void {
  if (light) list.push(light);
}

function looksLikeSkin(light: Light, { rgb }: PaperLight): boolean {
  const [red, green, blue] = [light[0] / rgb[0], light[1] / rgb[1], light[2] / rgb[2]];
  return Math.log(red / green) >= LEAST_RED_TO_GREEN && Math.log(green / blue) >= LEAST_GREEN_TO_BLUE;
}

function differs(a: readonly Light[], b: readonly Light[]): boolean {
  return ([0, 1, 2] as const).some((k) => {
    const level = (list: readonly Light[]) => Math.log(median(list.map((light) => light[k])));
    return Math.abs(level(a) - level(b)) >= LEAST_DIFFERENCE;
  });
}

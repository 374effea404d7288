/** The finger that lies in the slot, without a network: whether one lies there, and how it is lit.
 *
 * A typical finger is taken to lie along the slot's middle; its upper side is looked at where the camera sees it. The
 * service knows the real outline, and the ulcer. */

import { median } from "./algebra";
import type { Place } from "./camera";
import { CARD, SLOT } from "./digit_card";
import { lightOn, type CardCut, type Light, type PaperLight } from "./paper_light";
import { coloursAt } from "./picture";
import { exposureOf, LEAST_DIFFERENCE, looksLikeSkin, type Codes, type Exposure } from "./skin";

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
export const FLOOR_INSET_MM = 1.5;

/** So much of what is seen has to look like skin: a dressing or eschar may cover the rest, or the finger
 * lie at the slot's side. */
const LEAST_SKIN_SHARE = 0.2;

/** For its colour alone, every fourth place round the finger is looked at, every millimetre. */
const COLOUR_EVERY = 4;
const COLOUR_STEP_MM = 1;

export interface FingerLook extends Exposure {
  /** What stands against the finger, by the service's code. */
  finding: "digit_not_found" | "tip_not_found" | "pose_mismatch" | null;
  /** Where the photograph's resolution counts. */
  scale_place: Place;
}

/** The place on a typical finger whose scale counts for the photograph. */
export const SCALE_PLACE: Place = [(SLOT.left + SLOT.right) / 2, SCALE_PLACE_MM, -2 * TYPICAL_RADIUS_MM];

/** Null where too little of the slot is in the picture. */
export function lookAtFinger(cut: CardCut, paper: PaperLight): FingerLook | null {
  const rows: Codes[][] = [];
  for (let y = FINGER_FROM_MM; y < CARD.height_mm; y += ALONG_STEP_MM) {
    const seen = topPlaces(y).flatMap((place) => {
      const [x, v] = cut.camera.project(place);
      const codes = coloursAt(cut.colours, [x - cut.origin[0], v - cut.origin[1]]);
      return codes ? [codes] : [];
    });
    if (seen.length > 0) rows.push(seen);
  }
  if (rows.length === 0) return null;
  const finding = isPresent(cut, paper) ? null : "digit_not_found";
  return { ...exposureOf(rows, paper, ALONG_STEP_MM), finding, scale_place: SCALE_PLACE };
}

function topPlaces(y_mm: number): Place[] {
  const places: Place[] = [];
  for (let deg = -SEEN_DEG; deg <= SEEN_DEG; deg += ANGLE_STEP_DEG) {
    const angle = (deg * Math.PI) / 180;
    const middle = (SLOT.left + SLOT.right) / 2;
    places.push([middle + TYPICAL_RADIUS_MM * Math.sin(angle), y_mm, -TYPICAL_RADIUS_MM * (1 + Math.cos(angle))]);
  }
  return places;
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

function differs(a: readonly Light[], b: readonly Light[]): boolean {
  return ([0, 1, 2] as const).some((k) => {
    const level = (list: readonly Light[]) => Math.log(median(list.map((light) => light[k])));
    return Math.abs(level(a) - level(b)) >= LEAST_DIFFERENCE;
  });
}

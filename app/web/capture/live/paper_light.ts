/** Light on the card as the white round its markers shows it; as the service's calibration/gate_light.py. */

import { percentile, type Point } from "./algebra";
import type { Camera } from "./camera";
import { CARD, markerArea, PATCH_AREAS, SLOT, within, type Rectangle } from "./digit_card";
import { coloursAt, LINEAR, type Colours } from "./picture";

/** Pitch of the places at which paper is looked at. */
const PAPER_STEP_MM = 0.5;
/** Paper nearer to print or to an edge is left out. */
const PRINT_MARGIN_MM = 0.75;
/** Reach of the ticks beside the slot. */
const TICKS_MM = 2;
/** Where the card's line of text stands. */
const CAPTION_AREA: Rectangle = { left: 30, top: 11, right: 52, bottom: 13.5 };
/** White that surrounds every marker. */
const MARKER_RING_MM = 2;
/** A sleeve or a shadow over less than three quarters of a ring leaves its level as it is. */
const RING_PERCENTILE = 75;
/** Darkest light told apart from none: the first code. */
const LEAST_LIGHT = LINEAR[1]!;

export type Light = readonly [number, number, number];

export interface PaperLight {
  /** Linear light of white paper, mean of the markers' levels. */
  rgb: Light;
  /** Light round the dimmest marker as a share of that round the brightest. */
  even_percent: number;
}

/** The card where it lies in a cut of the photograph. */
export interface CardCut {
  colours: Colours;
  /** Where the cut's first pixel lies in the photograph. */
  origin: Point;
  camera: Camera;
}

/** Linear light at a place of the card (heights are −z); null beyond the cut. */
export function lightOn({ colours, origin, camera }: CardCut, place: readonly [number, number, number]): Light | null {
  const [x, y] = camera.project(place);
  const codes = coloursAt(colours, [x - origin[0], y - origin[1]]);
  return codes && [lightOf(codes[0]), lightOf(codes[1]), lightOf(codes[2])];
}

function lightOf(code: number): number {
  return Math.max(LINEAR[code]!, LEAST_LIGHT);
}

/** Null when no white is in view. */
export function paperLight(cut: CardCut, markers: readonly number[]): PaperLight | null {
  const levels: Light[] = [];
  for (const id of markers) {
    const seen = ring(id).flatMap(([x, y]) => lightOn(cut, [x, y, 0]) ?? []);
    if (seen.length === 0) continue;
    const channel = (k: number) => percentile(seen.filter((_, i) => i % 3 === k), RING_PERCENTILE);
    levels.push([channel(0), channel(1), channel(2)]);
  }
  if (levels.length === 0) return null;
  const means = levels.map((rgb) => (rgb[0] + rgb[1] + rgb[2]) / 3);
  const middle = (k: 0 | 1 | 2) => Math.exp(levels.reduce((sum, rgb) => sum + Math.log(rgb[k]), 0) / levels.length);
  return { rgb: [middle(0), middle(1), middle(2)], even_percent: (100 * Math.min(...means)) / Math.max(...means) };
}

const rings = new Map<number, Point[]>();

/** Places on the white round a marker. */
function ring(id: number): Point[] {
  const known = rings.get(id);
  if (known) return known;
  const area = markerArea(id);
  const places: Point[] = [];
  for (let y = PAPER_STEP_MM / 2; y < CARD.height_mm; y += PAPER_STEP_MM) {
    for (let x = PAPER_STEP_MM / 2; x < CARD.width_mm; x += PAPER_STEP_MM) {
      if (within([x, y], area, MARKER_RING_MM) && isWhite([x, y], area)) places.push([x, y]);
    }
  }
  rings.set(id, places);
  return places;
}

function isWhite(place: Point, marker: Rectangle): boolean {
  const card = { left: 0, top: 0, right: CARD.width_mm, bottom: CARD.height_mm };
  const slot = { ...SLOT, left: SLOT.left - TICKS_MM, right: SLOT.right + TICKS_MM };
  return (
    within(place, card, -PRINT_MARGIN_MM) &&
    ![slot, CAPTION_AREA, marker, ...PATCH_AREAS].some((printed) => within(place, printed, PRINT_MARGIN_MM))
  );
}

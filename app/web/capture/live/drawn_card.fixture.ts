/** Draws the card as a camera sees it, for tests: marker by marker, from the card's geometry and the codes. */

import { carried, type Homography, type Point } from "./algebra";
import { CARD, MARKER_IDS, markerArea, SLOT, within } from "./digit_card";
import { CODES } from "./marker_code";
import type { Grey } from "./picture";

const MARKERS = MARKER_IDS.map((id) => ({ id, area: markerArea(id) }));
const CARD_AREA = { left: 0, top: 0, right: CARD.width_mm, bottom: CARD.height_mm };

const PAPER = 225;
const INK = 30;
const TABLE = 110;

/** Samples along a pixel's side: edges come out as soft as a sensor draws them. */
const SAMPLES = 2;

/** A seeded generator of numbers in [0, 1) (Lehmer). */
export function randomness(seed: number): () => number {
  let state = seed * 2 + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

export interface Drawing {
  width: number;
  height: number;
  /** From the picture's pixels to the card's millimetres. */
  toCard: Homography;
  covered?: readonly number[];
  noise?: () => number;
}

export function drawnCard(drawing: Drawing): Grey {
  const { width, height } = drawing;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data[y * width + x] = Math.round(pixel(drawing, x, y));
  }
  return { width, height, data };
}

function pixel({ toCard, covered = [], noise }: Drawing, x: number, y: number): number {
  let sum = 0;
  for (let i = 0; i < SAMPLES; i++) {
    for (let j = 0; j < SAMPLES; j++) {
      const at: Point = [x + (i + 0.5) / SAMPLES - 0.5, y + (j + 0.5) / SAMPLES - 0.5];
      sum += inkAt(carried(toCard, at), covered);
    }
  }
  return sum / SAMPLES ** 2 + (noise ? 8 * (noise() - 0.5) : 0);
}

function inkAt(place: Point, covered: readonly number[]): number {
  if (!within(place, CARD_AREA, 0) || within(place, SLOT, 0)) return TABLE;
  for (const { id, area } of MARKERS) {
    if (!within(place, area, 0)) continue;
    // A finger lies over one corner and half of what is beside it.
    if (covered.includes(id) && place[0] - area.left + place[1] - area.top < CARD.marker_side_mm) return TABLE;
    const module = (from: number, at: number) => Math.floor(((at - from) / CARD.marker_side_mm) * 6) - 1;
    const [column, row] = [module(area.left, place[0]), module(area.top, place[1])];
    if (column < 0 || row < 0 || column > 3 || row > 3) return INK;
    return (CODES[id]! >> (15 - (4 * row + column))) & 1 ? PAPER : INK;
  }
  return PAPER;
}

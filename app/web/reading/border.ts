/** From pixels back to lines: the border between pixels that are within and those that are not. */

import type { Mask } from "./mask";
import { area_px2, cornersOf, type Corner, type Ring, type Rings } from "./rings";

/** As the service takes them (app.reading_room.schemas). */
export const MOST_CORNERS = 3000;
export const MOST_RINGS = 60;

/** 0.01 mm²: below that a trembling hand, not an ulcer. */
const LEAST_SPECK_PX2 = 4;

/**
 * How far a line may be moved to spare corners: no pixel changes sides, because the nearest centre is
 * √2/4 = 0.35 pixels from where the line cuts a corner.
 */
export const SIMPLIFIED_PX = 0.25;

const COARSER = 1.5;

/**
 * Stretches of the border through the cell between four pixel centres, by which of them are within
 * (upper left 1, upper right 2, lower right 4, lower left 8), from side to side (0 top, 1 right, 2 bottom, 3 left)
 * with what is within to the right. Pixels that touch at a corner only are apart: lines never touch themselves.
 */
const STRETCHES: readonly (readonly [number, number])[][] = [
  [], [[0, 3]], [[1, 0]], [[1, 3]],
  [[2, 1]], [[0, 3], [2, 1]], [[2, 0]], [[2, 3]],
  [[3, 2]], [[0, 2]], [[1, 0], [3, 2]], [[1, 2]],
  [[3, 1]], [[0, 1]], [[3, 0]], [],
];

/** Middles of a cell's sides, in half pixels from its upper left pixel centre. */
const SIDES = [[1, 0], [2, 1], [1, 2], [0, 1]] as const;

/** The border of a mask, a corner at every half pixel. */
export function traced(mask: Mask): Rings {
  const { width, height, bits } = mask;
  const within = (x: number, y: number): number =>
    x >= 0 && y >= 0 && x < width && y < height ? bits[y * width + x]! : 0;
  const row = 2 * width + 4; // half pixels from -1 to width
  const next = new Map<number, number>();
  for (let y = -1; y < height; y++) {
    for (let x = -1; x < width; x++) {
      const kind = within(x, y) | (within(x + 1, y) << 1) | (within(x + 1, y + 1) << 2) | (within(x, y + 1) << 3);
      for (const [from, to] of STRETCHES[kind]!) {
        const key = (side: number): number => (2 * y + 2 + SIDES[side]![1]) * row + 2 * x + 2 + SIDES[side]![0];
        next.set(key(from), key(to));
      }
    }
  }
  return linked(next, row);
}

function linked(next: Map<number, number>, row: number): Rings {
  const rings: Corner[][] = [];
  while (next.size > 0) {
    const ring: Corner[] = [];
    let key = next.keys().next().value;
    while (key !== undefined && next.has(key)) {
      ring.push([((key % row) - 2) / 2, (Math.floor(key / row) - 2) / 2]);
      const after: number = next.get(key)!;
      next.delete(key);
      key = after;
    }
    rings.push(ring);
  }
  return rings;
}

function distance_px([x, y]: Corner, [x1, y1]: Corner, [x2, y2]: Corner): number {
  const [along, down] = [x2 - x1, y2 - y1];
  const squared = along * along + down * down;
  const way = squared > 0 ? Math.min(1, Math.max(0, ((x - x1) * along + (y - y1) * down) / squared)) : 0;
  return Math.hypot(x - x1 - way * along, y - y1 - way * down);
}

/** Corners of an open stretch that are needed for it to stay within `tolerance_px` (Douglas and Peucker 1973). */
function needed(path: Ring, tolerance_px: number): Set<number> {
  const keep = new Set([0, path.length - 1]);
  const open: [number, number][] = [[0, path.length - 1]];
  for (let stretch = open.pop(); stretch; stretch = open.pop()) {
    const [from, to] = stretch;
    let [farthest, most] = [-1, tolerance_px];
    for (let i = from + 1; i < to; i++) {
      const away = distance_px(path[i]!, path[from]!, path[to]!);
      if (away > most) [farthest, most] = [i, away];
    }
    if (farthest < 0) continue;
    keep.add(farthest);
    open.push([from, farthest], [farthest, to]);
  }
  return keep;
}

/** A closed line with fewer corners, none of those left out farther than `tolerance_px` from it. */
export function simplified(ring: Ring, tolerance_px: number = SIMPLIFIED_PX): Ring {
  if (ring.length < 4) return ring;
  // Closed lines are opened at two corners far apart: the first and the one farthest from it.
  const [x, y] = ring[0]!;
  const away = ring.map((corner) => Math.hypot(corner[0] - x, corner[1] - y));
  const far = away.indexOf(Math.max(...away));
  const halves = [ring.slice(0, far + 1), [...ring.slice(far), ring[0]!]];
  return halves.flatMap((half) => {
    const keep = needed(half, tolerance_px);
    return half.filter((_, i) => keep.has(i) && i < half.length - 1);
  });
}

/** The lines that the service takes of a mask: no specks, the largest lines, corners as needed. */
export function outlined(mask: Mask): Rings {
  const whole = traced(mask)
    .filter((ring) => area_px2(ring) >= LEAST_SPECK_PX2)
    .sort((a, b) => area_px2(b) - area_px2(a))
    .slice(0, MOST_RINGS);
  let tolerance_px = SIMPLIFIED_PX;
  let rings: Rings = whole.map((ring) => simplified(ring, tolerance_px));
  while (cornersOf(rings) > MOST_CORNERS) {
    tolerance_px *= COARSER;
    rings = whole.map((ring) => simplified(ring, tolerance_px));
  }
  return rings;
}

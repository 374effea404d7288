/** Drawings as pixels: what a brush or a lasso takes up is worked out on the picture's own grid. */

import type { Corner, Ring, Rings } from "./rings";

export interface Mask {
  readonly width: number;
  readonly height: number;
  /** Row by row, 1 where the pixel's centre lies within. */
  readonly bits: Uint8Array;
}

export function emptyMask(width: number, height: number): Mask {
  return { width, height, bits: new Uint8Array(width * height) };
}

export const count = (mask: Mask): number => mask.bits.reduce((sum, bit) => sum + bit, 0);

/** Where lines cross the middle of a row, from left to right. */
function crossings(rings: Rings, y: number): number[] {
  const found: number[] = [];
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i++) {
      const [x1, y1] = ring[i]!;
      const [x2, y2] = ring[(i + 1) % ring.length]!;
      // Half open: a corner on the row belongs to one of its two edges only.
      if (y1 <= y !== y2 <= y) found.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
    }
  }
  return found.sort((a, b) => a - b);
}

/** The pixels whose centres lie within, by the even-odd rule. */
export function filled(rings: Rings, width: number, height: number): Mask {
  const mask = emptyMask(width, height);
  const rows = rings.flatMap((ring) => ring.map(([, y]) => y));
  if (rows.length === 0) return mask;
  const first = Math.max(0, Math.ceil(Math.min(...rows)));
  const last = Math.min(height - 1, Math.floor(Math.max(...rows)));
  for (let y = first; y <= last; y++) {
    const xs = crossings(rings, y);
    for (let i = 0; i + 1 < xs.length; i += 2) {
      const from = Math.max(0, Math.ceil(xs[i]!));
      const to = Math.min(width, Math.ceil(xs[i + 1]!));
      if (to > from) mask.bits.fill(1, y * width + from, y * width + to);
    }
  }
  return mask;
}

/** The pixels within `radius` of a line: a brush drawn along it. */
export function brushed(path: Ring, radius: number, width: number, height: number): Mask {
  const mask = emptyMask(width, height);
  path.forEach((corner, i) => stamp(mask, path[Math.max(0, i - 1)]!, corner, radius));
  return mask;
}

/** A capsule: the pixels within `radius` of a stretch. */
function stamp(mask: Mask, [x1, y1]: Corner, [x2, y2]: Corner, radius: number): void {
  const [along, down] = [x2 - x1, y2 - y1];
  const squared = along * along + down * down;
  const [left, right] = [Math.max(0, Math.ceil(Math.min(x1, x2) - radius)), Math.min(mask.width - 1, Math.floor(Math.max(x1, x2) + radius))];
  const [top, bottom] = [Math.max(0, Math.ceil(Math.min(y1, y2) - radius)), Math.min(mask.height - 1, Math.floor(Math.max(y1, y2) + radius))];
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const way = squared > 0 ? ((x - x1) * along + (y - y1) * down) / squared : 0;
      const share = Math.min(1, Math.max(0, way));
      const [dx, dy] = [x - x1 - share * along, y - y1 - share * down];
      if (dx * dx + dy * dy <= radius * radius) mask.bits[y * mask.width + x] = 1;
    }
  }
}

export function joined(one: Mask, other: Mask): Mask {
  return { ...one, bits: one.bits.map((bit, i) => bit | other.bits[i]!) };
}

export function without(one: Mask, other: Mask): Mask {
  return { ...one, bits: one.bits.map((bit, i) => bit & (1 - other.bits[i]!)) };
}

export function shared(one: Mask, other: Mask): Mask {
  return { ...one, bits: one.bits.map((bit, i) => bit & other.bits[i]!) };
}

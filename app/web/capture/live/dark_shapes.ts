/** Dark four-sided shapes on lighter ground: where a marker may stand. */

import { distance, meanOf, type Point } from "./algebra";
import type { Grey } from "./picture";

/** Half sides of the squares over which light is averaged, as shares of the picture's longer side: the small one
 * tells a marker from what is close to it, the large one is wider than any marker's black border. */
export const WINDOW_SHARES = [0.012, 0.035, 0.09] as const;

/** A pixel this many codes darker than what surrounds it is dark (OpenCV's detector takes as many). */
const DARKER_BY = 7;

/** Shapes with a shorter side hold no modules of two pixels. */
const LEAST_SIDE_PX = 9;

/** Shapes longer than this share of the picture's longer side are no markers: the card would not fit. */
const LONGEST_SHARE = 0.3;

/** Area of the four corners' polygon against the outline's: rounded corners lose up to a tenth, other shapes more. */
const LEAST_FOURSIDED = 0.84;

/** Pixels darker than their surroundings, 1 or 0. */
export function darkPixels(grey: Grey, half_px: number): Uint8Array {
  const { width, height, data } = grey;
  const stride = width + 1;
  const sums = sumsOf(grey);
  const dark = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - half_px) * stride;
    const bottom = Math.min(height, y + half_px + 1) * stride;
    const rows = (bottom - top) / stride;
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - half_px);
      const right = Math.min(width, x + half_px + 1);
      const sum = sums[bottom + right]! - sums[bottom + left]! - sums[top + right]! + sums[top + left]!;
      if ((data[y * width + x]! + DARKER_BY) * rows * (right - left) < sum) dark[y * width + x] = 1;
    }
  }
  return dark;
}

let lastSums: { grey: Grey; sums: Uint32Array } | null = null;

/** Sums of all pixels above and left of each place; kept for the picture's other windows. */
function sumsOf(grey: Grey): Uint32Array {
  if (lastSums?.grey === grey) return lastSums.sums;
  const { width, height, data } = grey;
  const sums = new Uint32Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    const at = (y + 1) * (width + 1) + 1;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x]!;
      sums[at + x] = sums[at + x - width - 1]! + row;
    }
  }
  lastSums = { grey, sums };
  return sums;
}

/** Outlines of connected dark pixels that have four sides, clockwise in the picture. `dark` is used up. */
export function fourSided(dark: Uint8Array, width: number, height: number): Point[][] {
  const found: Point[][] = [];
  const fill = new Fill(dark, width, height);
  const longest = LONGEST_SHARE * Math.max(width, height);
  for (let start = 0; start < dark.length; start++) {
    if (dark[start] !== DARK || !fill.from(start)) continue;
    const [wide, high] = fill.size;
    if (Math.max(wide, high) > longest || Math.max(wide, high) < LEAST_SIDE_PX) continue;
    const corners = cornersOf(hull(fill.rim()));
    if (corners) found.push(corners);
  }
  return found;
}

const DARK = 1;
const SEEN = 2;

/** Walks over one region of dark pixels and keeps the first and last of each row. */
class Fill {
  private readonly waiting: Int32Array;
  private readonly first: Int32Array;
  private readonly last: Int32Array;
  private top = 0;
  private bottom = 0;

  constructor(
    private readonly dark: Uint8Array,
    private readonly width: number,
    private readonly height: number,
  ) {
    this.waiting = new Int32Array(width * height);
    this.first = new Int32Array(height).fill(width);
    this.last = new Int32Array(height).fill(-1);
  }

  /** Whether the region of `start` lies clear of the picture's border; its pixels count as seen either way. */
  from(start: number): boolean {
    const { width, height } = this;
    this.first.fill(width, this.top, this.bottom + 1);
    this.last.fill(-1, this.top, this.bottom + 1);
    this.top = this.bottom = (start / width) | 0;
    let clear = true;
    let count = this.push(start, 0);
    while (count > 0) {
      const at = this.waiting[--count]!;
      const y = (at / width) | 0;
      const x = at - y * width;
      if (x < this.first[y]!) this.first[y] = x;
      if (x > this.last[y]!) this.last[y] = x;
      if (y > this.bottom) this.bottom = y;
      if (y < this.top) this.top = y;
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) {
        clear = false;
        continue;
      }
      count = this.push(at - 1, count);
      count = this.push(at + 1, count);
      count = this.push(at - width, count);
      count = this.push(at + width, count);
    }
    return clear;
  }

  get size(): [number, number] {
    let [left, right] = [this.width, -1];
    for (let y = this.top; y <= this.bottom; y++) {
      left = Math.min(left, this.first[y]!);
      right = Math.max(right, this.last[y]!);
    }
    return [right - left + 1, this.bottom - this.top + 1];
  }

  /** Corners of the pixels at both ends of each row: a pixel is a square, its centre would be half a pixel short. */
  rim(): Point[] {
    const points: Point[] = [];
    for (let y = this.top; y <= this.bottom; y++) {
      const [low, high] = [this.first[y]! - 0.5, this.last[y]! + 0.5];
      points.push([low, y - 0.5], [low, y + 0.5], [high, y - 0.5], [high, y + 0.5]);
    }
    return points;
  }

  private push(at: number, count: number): number {
    if (this.dark[at] !== DARK) return count;
    this.dark[at] = SEEN;
    this.waiting[count] = at;
    return count + 1;
  }
}

/** Convex hull, clockwise in the picture (y down). */
export function hull(points: Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (way: Point[]) => {
    const chain: Point[] = [];
    for (const p of way) {
      while (chain.length > 1 && turn(chain.at(-2)!, chain.at(-1)!, p) <= 0) chain.pop();
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

export function areaOf(polygon: readonly Point[]): number {
  let sum = 0;
  polygon.forEach(([x, y], i) => {
    const [nextX, nextY] = polygon[(i + 1) % polygon.length]!;
    sum += x * nextY - nextX * y;
  });
  return Math.abs(sum) / 2;
}

/** The four corners of a convex outline, clockwise; null where it is not four-sided. */
export function cornersOf(outline: Point[]): Point[] | null {
  if (outline.length < 4) return null;
  const farthest = (score: (p: Point) => number) =>
    outline.reduce((best, p) => (score(p) > score(best) ? p : best));
  const middle = meanOf(outline);
  const a = farthest((p) => distance(p, middle));
  const c = farthest((p) => distance(p, a));
  const b = farthest((p) => -turn(a, c, p));
  const d = farthest((p) => turn(a, c, p));
  const corners = [a, b, c, d];
  const sides = corners.map((p, i) => distance(p, corners[(i + 1) % 4]!));
  if (Math.min(...sides) < LEAST_SIDE_PX) return null;
  if (areaOf(corners) < LEAST_FOURSIDED * areaOf(outline)) return null;
  return corners;
}

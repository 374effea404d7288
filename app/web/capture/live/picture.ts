/** Pixels: greys, linear light, and values between pixels. */

import type { Point } from "./algebra";

/** Greys, row by row; the first pixel's centre is (0, 0). */
export interface Grey {
  width: number;
  height: number;
  data: Uint8Array;
}

/** Red, green, blue and an unused byte to each pixel, as a canvas gives them. */
export interface Colours {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** Weights of ITU-R BT.601, as OpenCV's, in 16-bit fixed point. */
const RED = 19595;
const GREEN = 38470;
const BLUE = 7471;
const HALF = 32768;

/** 8-bit sRGB to linear light 0–1 (IEC 61966-2-1): lenses blur light, not code values. */
export const LINEAR = Float64Array.from({ length: 256 }, (_, code) => {
  const value = code / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

export function greyOf({ width, height, data }: Colours): Grey {
  const grey = new Uint8Array(width * height);
  for (let i = 0, j = 0; i < grey.length; i++, j += 4) {
    grey[i] = (RED * data[j]! + GREEN * data[j + 1]! + BLUE * data[j + 2]! + HALF) >> 16;
  }
  return { width, height, data: grey };
}

/** The grey between four pixels, 0–255; beyond the border, the border's. */
export function greyAt(grey: Grey, x: number, y: number): number {
  return between(grey, x, y, CODES);
}

/** The same in linear light, 0–1. */
export function lightAt(grey: Grey, x: number, y: number): number {
  return between(grey, x, y, LINEAR);
}

const CODES = Float64Array.from({ length: 256 }, (_, code) => code);

/** Bilinear, each pixel's code looked up first. Called tens of thousands of times a frame: it makes nothing. */
function between({ width, height, data }: Grey, x: number, y: number, table: Float64Array): number {
  const cx = Math.min(Math.max(x, 0), width - 1);
  const cy = Math.min(Math.max(y, 0), height - 1);
  const x0 = Math.floor(cx);
  const y0 = Math.floor(cy);
  const fx = cx - x0;
  const right = x0 + 1 < width ? 1 : 0;
  const at = y0 * width + x0;
  const below = y0 + 1 < height ? at + width : at;
  const upper = table[data[at]!]! * (1 - fx) + table[data[at + right]!]! * fx;
  const lower = table[data[below]!]! * (1 - fx) + table[data[below + right]!]! * fx;
  return upper + (lower - upper) * (cy - y0);
}

/** The codes of the nearest pixel; null beyond the border. */
export function coloursAt({ width, height, data }: Colours, [x, y]: Point): [number, number, number] | null {
  const [column, row] = [Math.round(x), Math.round(y)];
  if (column < 0 || row < 0 || column >= width || row >= height) return null;
  const i = 4 * (row * width + column);
  return [data[i]!, data[i + 1]!, data[i + 2]!];
}

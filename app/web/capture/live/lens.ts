/** What is known of the lens before the card is looked at: the header, or the lenses of phones and tablets.
 *
 * Values and reasons as in the service's calibration/lens.py. */

import type { Optics } from "./jpeg_header";

/** Main cameras state 23 to 30 mm as their 35 mm equivalent. */
const TYPICAL_FOCAL_35MM = 26.5;
const TYPICAL_FOCAL_RELATIVE_SD = 0.12;
const STATED_FOCAL_RELATIVE_SD = 0.02;

/** Diagonal of the 36 × 24 mm frame, to which the 35 mm equivalent refers. */
const FULL_FRAME_DIAGONAL_MM = Math.hypot(36, 24);

/** Sensors are 4:3; other pictures are cut from them, and makers differ on what the stated value refers to. */
const SENSOR_ASPECT = 4 / 3;

const PRINCIPAL_SD_SHARE = 0.005;
const K1_SD = 0.05;

/** Office printers spread ink by 0 to 0.1 mm, and halos move an edge by up to a pixel. */
const INK_SPREAD_SD_MM = 0.05;

/** Logarithm of the focal length in pixels, k1, principal point in pixels, ink spread in mm: expected, and spread. */
export interface LensPrior {
  expected: number[];
  sd: number[];
}

export function lensPrior(width_px: number, height_px: number, optics: Optics | null): LensPrior {
  const diagonal_px = Math.hypot(width_px, height_px);
  const [logFocal, focalSd] = focal(width_px, height_px, optics);
  const principalSd = PRINCIPAL_SD_SHARE * diagonal_px;
  return {
    expected: [logFocal, 0, (width_px - 1) / 2, (height_px - 1) / 2, 0],
    sd: [focalSd, K1_SD, principalSd, principalSd, INK_SPREAD_SD_MM],
  };
}

/** Where the stated value may or may not hold a factor, the middle of both, and half of what lies between as spread. */
function focal(width_px: number, height_px: number, optics: Optics | null): [number, number] {
  const diagonal_px = Math.hypot(width_px, height_px);
  const stated = optics?.focal_35mm_mm ?? null;
  const inPixels = (focal_35mm: number) => Math.log((focal_35mm * diagonal_px) / FULL_FRAME_DIAGONAL_MM);
  if (stated === null) return [inPixels(TYPICAL_FOCAL_35MM), TYPICAL_FOCAL_RELATIVE_SD];
  const zoom = Math.max(1, optics?.digital_zoom_ratio ?? 1);
  const halves = [Math.log(cutFromSensor(width_px, height_px)) / 2, Math.log(zoom) / 2] as const;
  return [inPixels(stated) + halves[0] + halves[1], Math.hypot(STATED_FOCAL_RELATIVE_SD, ...halves)];
}

/** Diagonal of the sensor that a picture was cut from, in diagonals of the picture. */
function cutFromSensor(width_px: number, height_px: number): number {
  const [short, long] = [Math.min(width_px, height_px), Math.max(width_px, height_px)];
  return (Math.hypot(1, 1 / SENSOR_ASPECT) * Math.max(long, short * SENSOR_ASPECT)) / Math.hypot(short, long);
}

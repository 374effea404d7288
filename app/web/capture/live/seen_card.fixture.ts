/** The card as a camera far above sees it in colour, for tests: paper, the slot's floor, and what lies over both. */

import { estimateCamera } from "./camera";
import { MARKER_IDS, markerCornersMm, SLOT, within } from "./digit_card";
import { lensPrior } from "./lens";
import type { CardCut } from "./paper_light";

export type Rgb = readonly [number, number, number];

const [WIDTH, HEIGHT] = [240, 180];
const SCALE_PX_PER_MM = 2.5;

export const PAPER: Rgb = [220, 218, 214];
export const SKIN: Rgb = [196, 148, 126];
export const DARK_SKIN: Rgb = [92, 62, 48];
export const CLOTH: Rgb = [70, 110, 170];
export const WOOD: Rgb = [150, 112, 78];

/** What lies over card and slot at a place; null where nothing does. */
export type Over = (x_mm: number, y_mm: number) => Rgb | null;

/** The card seen squarely from far above, its slot filled by `floor`, and something over it. */
export function cardUnder(over: Over, floor: Rgb | Over, light: (x_mm: number) => number = () => 1): CardCut {
  const data = new Uint8ClampedArray(4 * WIDTH * HEIGHT);
  for (let v = 0; v < HEIGHT; v++) {
    for (let u = 0; u < WIDTH; u++) {
      const [x, y] = [40 + (u - WIDTH / 2) / SCALE_PX_PER_MM, 30 + (v - HEIGHT / 2) / SCALE_PX_PER_MM];
      const below = typeof floor === "function" ? floor(x, y) : floor;
      const colour = over(x, y) ?? (within([x, y], SLOT, 0) ? below : null) ?? PAPER;
      const [at, share] = [4 * (v * WIDTH + u), light(x)];
      for (let k = 0; k < 3; k++) data[at + k] = colour[k]! * share;
    }
  }
  const markers = MARKER_IDS.map((id) => ({
    id,
    corners: markerCornersMm(id).map(([x, y]) => [
      (x - 40) * SCALE_PX_PER_MM + WIDTH / 2, (y - 30) * SCALE_PX_PER_MM + HEIGHT / 2,
    ] as const),
  }));
  const camera = estimateCamera(markers, lensPrior(WIDTH, HEIGHT, { focal_35mm_mm: 120, digital_zoom_ratio: null, orientation: null }))!;
  return { colours: { width: WIDTH, height: HEIGHT, data }, origin: [0, 0], camera };
}

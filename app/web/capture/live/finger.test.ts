import { expect, it } from "vitest";
import { estimateCamera } from "./camera";
import { MARKER_IDS, markerCornersMm, SLOT, within } from "./digit_card";
import { lookAtFinger } from "./finger";
import { lensPrior } from "./lens";
import { paperLight, type CardCut } from "./paper_light";

type Rgb = readonly [number, number, number];

const [WIDTH, HEIGHT] = [240, 180];
const SCALE_PX_PER_MM = 2.5;

const PAPER: Rgb = [220, 218, 214];
const SKIN: Rgb = [196, 148, 126];
const DARK_SKIN: Rgb = [92, 62, 48];
const CLOTH: Rgb = [70, 110, 170];
const WOOD: Rgb = [150, 112, 78];

/** The card seen squarely from far above, its slot filled by `floor` and, 14 mm wide, by `finger`. */
function view(floor: Rgb, finger: (y_mm: number) => Rgb | null, light: (x_mm: number) => number = () => 1): CardCut {
  const data = new Uint8ClampedArray(4 * WIDTH * HEIGHT);
  for (let v = 0; v < HEIGHT; v++) {
    for (let u = 0; u < WIDTH; u++) {
      const [x, y] = [40 + (u - WIDTH / 2) / SCALE_PX_PER_MM, 30 + (v - HEIGHT / 2) / SCALE_PX_PER_MM];
      const skin = Math.abs(x - 40) < 7 && y > 22 ? finger(y) : null;
      const colour = skin ?? (within([x, y], SLOT, 0) ? floor : PAPER);
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

function look(cut: CardCut) {
  return lookAtFinger(cut, paperLight(cut, MARKER_IDS)!)!;
}

it("sees a finger of any tone on cloth, wood and paper", () => {
  for (const floor of [CLOTH, WOOD, PAPER, [40, 42, 45]] as const) {
    for (const skin of [SKIN, DARK_SKIN]) expect(look(view(floor, () => skin)).present).toBe(true);
  }
});

it("sees that the slot is empty, on skin-coloured wood too", () => {
  for (const floor of [CLOTH, WOOD, PAPER, [40, 42, 45]] as const) expect(look(view(floor, () => null)).present).toBe(false);
});

it("tells which share is clipped, dark, or mirrors the lamp", () => {
  const plain = look(view(CLOTH, () => SKIN));
  expect([plain.clipped_percent, plain.dark_percent, plain.glare_percent]).toEqual([0, 0, 0]);
  // From 40 mm on, half of what is looked at.
  const clipped = look(view(CLOTH, (y) => (y > 50 ? [255, 250, 240] : SKIN)));
  expect(Math.abs(clipped.clipped_percent - 50)).toBeLessThan(8);
  const dark = look(view(CLOTH, (y) => (y > 55 ? [4, 3, 2] : SKIN)));
  expect(Math.abs(dark.dark_percent - 25)).toBeLessThan(8);
  const mirrored = look(view(CLOTH, (y) => (y > 46 && y < 49 ? [215, 212, 210] : SKIN)));
  expect(mirrored.glare_percent).toBeGreaterThan(35);
  expect(mirrored.glare_percent).toBeLessThan(65);
});

it("tells how evenly the card is lit", () => {
  const even = paperLight(view(CLOTH, () => SKIN), MARKER_IDS)!;
  expect(even.even_percent).toBeCloseTo(100, 0);
  const fall = paperLight(view(CLOTH, () => SKIN, (x) => 1 - 0.35 * (x / 80)), MARKER_IDS)!;
  expect(fall.even_percent).toBeLessThan(50);
  expect(fall.even_percent).toBeGreaterThan(38);
});

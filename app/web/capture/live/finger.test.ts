import { expect, it } from "vitest";
import { MARKER_IDS } from "./digit_card";
import { lookAtFinger } from "./finger";
import { paperLight, type CardCut } from "./paper_light";
import { cardUnder, CLOTH, DARK_SKIN, PAPER, SKIN, WOOD, type Rgb } from "./seen_card.fixture";

/** A finger 14 mm wide from 22 mm on. */
function view(floor: Rgb, finger: (y_mm: number) => Rgb | null, light?: (x_mm: number) => number): CardCut {
  return cardUnder((x, y) => (Math.abs(x - 40) < 7 && y > 22 ? finger(y) : null), floor, light);
}

function look(cut: CardCut) {
  return lookAtFinger(cut, paperLight(cut, MARKER_IDS)!)!;
}

it("sees a finger of any tone on cloth, wood and paper", () => {
  for (const floor of [CLOTH, WOOD, PAPER, [40, 42, 45]] as const) {
    for (const skin of [SKIN, DARK_SKIN]) expect(look(view(floor, () => skin)).finding).toBeNull();
  }
});

it("sees that the slot is empty, on skin-coloured wood too", () => {
  for (const floor of [CLOTH, WOOD, PAPER, [40, 42, 45]] as const) expect(look(view(floor, () => null)).finding).toBe("digit_not_found");
});

it("tells which share is clipped, dark, or mirrors the lamp", () => {
  const plain = look(view(CLOTH, () => SKIN));
  expect([plain.clipped_percent, plain.dark_percent, plain.glare_percent]).toEqual([0, 0, 0]);
  // From 40 mm on, half of what is looked at.
  const clipped = look(view(CLOTH, (y) => (y > 50 ? [255, 250, 240] : SKIN)));
  expect(Math.abs(clipped.clipped_percent! - 50)).toBeLessThan(8);
  const dark = look(view(CLOTH, (y) => (y > 55 ? [4, 3, 2] : SKIN)));
  expect(Math.abs(dark.dark_percent! - 25)).toBeLessThan(8);
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

import { expect, it } from "vitest";
import { MARKER_IDS } from "./digit_card";
import { paperLight } from "./paper_light";
import { cardUnder, CLOTH, DARK_SKIN, PAPER, SKIN, WOOD, type Over, type Rgb } from "./seen_card.fixture";
import { lookAtTip } from "./standing_tip";

const DARK: Rgb = [40, 42, 45];
const FLOORS = [CLOTH, WOOD, PAPER, DARK] as const;
const PLACES = [26, 35, 48] as const;

function tip(y_mm: number, colour: Rgb, x_mm = 40, radius_mm = 8): Over {
  return (x, y) => (Math.hypot(x - x_mm, y - y_mm) < radius_mm ? colour : null);
}

function lying(colour: Rgb): Over {
  return (x, y) => (Math.abs(x - 40) < 7 && y > 22 ? colour : null);
}

const nothing: Over = () => null;

function look(over: Over, floor: Rgb | Over) {
  const cut = cardUnder(over, floor);
  return lookAtTip(cut, paperLight(cut, MARKER_IDS)!)!;
}

it("sees a standing tip of any tone on any floor, wherever in the slot it stands", () => {
  for (const floor of FLOORS) {
    for (const skin of [SKIN, DARK_SKIN]) {
      for (const y of PLACES) expect(look(tip(y, skin), floor).finding, `${floor} ${skin} ${y}`).toBeNull();
    }
  }
});

it("tells a finger that lies from a tip that stands", () => {
  for (const floor of FLOORS) {
    for (const skin of [SKIN, DARK_SKIN]) expect(look(lying(skin), floor).finding, `${floor} ${skin}`).toBe("pose_mismatch");
  }
});

it("says that no tip stands in the slot, but not where the floor itself looks like skin", () => {
  for (const floor of [CLOTH, PAPER, DARK]) expect(look(nothing, floor).finding).toBe("tip_not_found");
  expect(look(nothing, WOOD).finding).toBeNull();
  expect(look(tip(35, SKIN, 40, 2.5), CLOTH).finding).toBe("tip_not_found"); // a speck is none
});

it("is not misled by a cloth that begins in the slot, nor by a shadow across it", () => {
  const cloth: Over = (_, y) => (y > 44 ? CLOTH : PAPER);
  expect(look(tip(32, SKIN), cloth).finding).toBeNull();
  const shadow: Over = (_, y) => (y > 40 ? [75, 56, 39] : WOOD);
  expect(look(tip(30, SKIN), shadow).finding).toBeNull();
});

it("judges the light on the tip alone, an ulcer in its middle included", () => {
  const ulcer: Rgb = [255, 254, 250];
  const lit: Over = (x, y) => tip(35, ulcer, 40, 4)(x, y) ?? tip(35, SKIN)(x, y);
  const seen = look(lit, CLOTH);
  expect(Math.abs(seen.clipped_percent! - 25)).toBeLessThan(5); // (4 / 8)²
  expect(seen.glare_percent).toBeGreaterThan(seen.clipped_percent!);
  expect(look(tip(35, SKIN), CLOTH).glare_percent).toBe(0);
  expect(look(nothing, CLOTH).clipped_percent).toBeNull();
});

it("holds the photograph's resolution to where the tip stands", () => {
  for (const y of PLACES) {
    const [x, at, height] = look(tip(y, SKIN), CLOTH).scale_place;
    expect(x).toBe(40);
    expect(Math.abs(at - y)).toBeLessThan(1);
    expect(height).toBe(-12);
  }
});

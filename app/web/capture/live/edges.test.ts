import { expect, it } from "vitest";
import { refineMarker, stepOf } from "./edges";
import { LINEAR, type Grey } from "./picture";

/** Abramowitz and Stegun 7.1.26, good to 2e-7. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}

function rise(distance: number, sd: number): number {
  return (1 + erf(distance / (sd * Math.SQRT2))) / 2;
}

const HALF_PX = 6;

it("tells the spread of a Gaussian edge and where it lies", () => {
  for (const sd of [0.6, 1.0, 1.6]) {
    for (const place of [-0.8, 0, 0.55]) {
      const profile = Float64Array.from({ length: 49 }, (_, m) => 0.05 + 0.6 * rise(m * 0.25 - HALF_PX - place, sd));
      const step = stepOf([profile, profile, profile], HALF_PX)!;
      expect(step.position_px[0]).toBeCloseTo(place, 1);
      expect(step.blur_px / sd).toBeCloseTo(1, 1);
    }
  }
});

it("does not take a faint step for an edge", () => {
  const profile = Float64Array.from({ length: 49 }, (_, m) => 0.3 + 0.05 * rise(m * 0.25 - HALF_PX, 1));
  expect(stepOf([profile, profile], HALF_PX)).toBeNull();
});

it("places a blurred square's corners where its sides cross, from a guess two pixels off", () => {
  const [left, top, side, sd] = [30.3, 40.7, 80, 1.2];
  const data = new Uint8Array(140 * 160);
  for (let y = 0; y < 160; y++) {
    for (let x = 0; x < 140; x++) {
      const inside = (at: number, from: number) => rise(at - from, sd) - rise(at - from - side, sd);
      const light = 0.8 - 0.75 * inside(x, left) * inside(y, top);
      data[y * 140 + x] = LINEAR.findIndex((value) => value >= light);
    }
  }
  const grey: Grey = { width: 140, height: 160, data };
  const right = left + side;
  const bottom = top + side;
  const found = refineMarker(grey, [[left + 2, top - 1], [right - 1, top + 2], [right + 1, bottom + 1], [left - 2, bottom]])!;
  [[left, top], [right, top], [right, bottom], [left, bottom]].forEach(([x, y], i) => {
    expect(Math.hypot(found.corners[i]![0] - x!, found.corners[i]![1] - y!)).toBeLessThan(0.06);
  });
  expect(Math.abs(found.blur_px - sd)).toBeLessThan(0.12);
});

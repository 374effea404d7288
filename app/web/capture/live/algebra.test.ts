import { expect, it } from "vitest";
import { carried, fitHomography, percentile, solve, type Point } from "./algebra";
import { randomness } from "./drawn_card.fixture";

it("solves systems, whatever the order of their rows, and says when there is no answer", () => {
  const x = solve([[0, 2, 1], [1, 1, 0], [3, 0, -1]], [7, 3, 0])!;
  [1, 2, 3].forEach((value, i) => expect(x[i]).toBeCloseTo(value, 10));
  expect(solve([[1, 2], [2, 4]], [1, 2])).toBeNull();
});

it("finds again the homography that carried the points", () => {
  const random = randomness(5);
  for (let i = 0; i < 40; i++) {
    const square: Point[] = [[0, 0], [80, 0], [80, 60], [0, 60], [40, 20]];
    const truth = [8 + random(), random(), 300 * random(), random(), 8 + random(), 200 * random(), 0.002 * random(), 0.002 * random(), 1];
    const found = fitHomography(square, square.map((p) => carried(truth, p)))!;
    const [x, y] = carried(found, [13, 47]);
    const [u, v] = carried(truth, [13, 47]);
    expect(Math.hypot(x - u, y - v)).toBeLessThan(1e-6);
  }
  expect(fitHomography([[0, 0], [1, 0], [0, 1]], [[0, 0], [1, 0], [0, 1]])).toBeNull();
});

it("reads percentiles between values as numpy does", () => {
  expect(percentile([4, 1, 3, 2], 75)).toBeCloseTo(3.25, 10);
  expect(percentile([7], 20)).toBe(7);
});

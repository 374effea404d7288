import { describe, expect, it } from "vitest";
import { linear, roundStep, tickDigits, ticksTo, weeks } from "./scale";

describe("linear", () => {
  it("maps the ends of the domain on the ends of the range, also downwards", () => {
    const y = linear([0, 20], [200, 10]);
    expect([y(0), y(20), y(10)]).toEqual([200, 10, 105]);
  });

  it("maps everything on the start when the domain is a point", () => {
    expect(linear([3, 3], [7, 90])(3)).toBe(7);
  });
});

describe("ticks", () => {
  it.each([
    [22, 5, [0, 5, 10, 15, 20, 25]],
    [1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [0.3, 3, [0, 0.1, 0.2, 0.3]],
    [100, 2, [0, 50, 100]],
    [11.6, 3, [0, 5, 10, 15]],
  ])("for %d in %d steps", (max, count, expected) => {
    expect(ticksTo(max, count)).toEqual(expected);
  });

  it("hold the greatest value, start at zero and rise evenly, for every size of ulcer", () => {
    for (let max = 0.05; max < 2000; max *= 1.07) {
      for (const count of [2, 3, 5]) {
        const ticks = ticksTo(max, count);
        expect(ticks[0]).toBe(0);
        expect(ticks.at(-1)!).toBeGreaterThanOrEqual(max * (1 - 1e-9));
        expect(ticks.length).toBeLessThanOrEqual(count + 1);
        expect(ticks.at(-2)!).toBeLessThan(max);
        expect(roundStep(max, count)).toBeCloseTo(ticks[1]!, 9);
      }
    }
  });

  it("exist without any value", () => {
    expect(ticksTo(0)).toEqual([0, 1]);
  });

  it("are written with as many decimals as tell them apart", () => {
    expect(tickDigits([0, 5, 10])).toBe(0);
    expect(tickDigits([0, 0.2, 0.4])).toBe(1);
    expect(tickDigits([0, 2.5, 5])).toBe(1);
    expect(tickDigits([0, 0.25, 0.5])).toBe(2);
  });
});

it("weeks are sevenths of days", () => {
  expect(weeks(112)).toBe(16);
});

import { expect, it } from "vitest";
import { cornerNear, edgeNear, fresh, inserted, moved, removed, stepped } from "./corners";
import { begun, gone, redone, undone } from "./past";
import { area_px2, type Rings } from "./rings";

const RINGS: Rings = [[[0, 0], [10, 0], [10, 10], [0, 10]], [[20, 20], [30, 20], [25, 30]]];

it("finds the nearest corner and the nearest stretch within reach", () => {
  expect(cornerNear(RINGS, [9, 1], 3)).toEqual({ ring: 0, corner: 1 });
  expect(cornerNear(RINGS, [15, 15], 3)).toBeNull();
  expect(edgeNear(RINGS, [5, -1], 3)).toEqual({ ring: 0, corner: 0 });
  expect(edgeNear(RINGS, [-1, 5], 3)).toEqual({ ring: 0, corner: 3 });
});

it("moves, inserts and removes one corner and leaves the others", () => {
  expect(moved(RINGS, { ring: 1, corner: 2 }, [25, 31])[1]).toEqual([[20, 20], [30, 20], [25, 31]]);
  expect(inserted(RINGS, { ring: 0, corner: 3 })[0]!.at(-1)).toEqual([0, 5]);
  expect(inserted(RINGS, { ring: 0, corner: 0 }, [5, -2])[0]![1]).toEqual([5, -2]);
  expect(removed(RINGS, { ring: 0, corner: 0 })[0]).toEqual([[10, 0], [10, 10], [0, 10]]);
  expect(removed(RINGS, { ring: 1, corner: 0 })).toEqual([RINGS[0]]);
});

it("steps from corner to corner through every line and round again", () => {
  let at = stepped(RINGS, null, 1);
  const seen = new Set<string>();
  for (let i = 0; i < 7; i++) {
    seen.add(JSON.stringify(at));
    at = stepped(RINGS, at, 1);
  }
  expect(seen.size).toBe(7);
  expect(at).toEqual({ ring: 0, corner: 0 });
  expect(stepped(RINGS, at, -1)).toEqual({ ring: 1, corner: 2 });
  expect(stepped([], null, 1)).toBeNull();
});

it("starts a small round outline for the keyboard", () => {
  const [ring] = fresh([], [50, 50], 20);
  expect(area_px2(ring!) / (Math.PI * 400)).toBeCloseTo(0.9, 1);
});

it("takes back every step and brings each again, until another is taken", () => {
  let past = begun(0);
  for (let i = 1; i <= 500; i++) past = gone(past, i);
  for (let i = 0; i < 600; i++) past = undone(past);
  expect(past.now).toBe(0);
  for (let i = 0; i < 250; i++) past = redone(past);
  expect(past.now).toBe(250);
  past = gone(past, 1000);
  expect(redone(past)).toBe(past);
  expect(undone(past).now).toBe(250);
});

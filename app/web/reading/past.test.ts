import "fake-indexeddb/auto";
import { expect, it } from "vitest";
import { dropDraft, dropDraftsOfOthers, keepPast, pastOf } from "./draft_vault";
import { begun, gone, redone, undone, type Past } from "./past";
import type { Rings } from "./rings";
import { NOTHING_SAID } from "./saying";
import { pastAt } from "./use_case";

const square = (x: number): Rings => [[[x, 0], [x + 9, 0], [x + 9, 9], [x, 9]]];
const start = (shown: Rings, overtaken: Rings | null = null) => ({
  shown: { ...NOTHING_SAID, rings: shown }, overtaken: overtaken && { ...NOTHING_SAID, rings: overtaken }, unsent: null, base: 0,
});
const drawn = (...xs: number[]): Past<Rings> => xs.reduce((past, x) => gone(past, square(x)), begun<Rings>([]));

it("keeps every step of a drawing, stroke by stroke, and where among them it is", async () => {
  let past = begun<Rings>([]);
  for (let x = 0; x < 300; x++) {
    past = gone(past, square(x));
    await keepPast("reader", "a", past, x === 0 ? 0 : past.before.length);
  }
  past = undone(undone(past));
  await keepPast("reader", "a", past, 301);
  expect(await pastOf("reader", "a")).toEqual(past);
  expect(redone((await pastOf("reader", "a"))!).now).toEqual(square(298));
});

it("forgets what was drawn over after an undo", async () => {
  const past = drawn(1, 2, 3);
  await keepPast("reader", "b", past, 0);
  const over = gone(undone(undone(past)), square(9));
  await keepPast("reader", "b", over, over.before.length);
  expect(await pastOf("reader", "b")).toEqual(drawn(1, 9));
});

it("has no past where a step is missing, or of another case or person", async () => {
  await keepPast("reader", "c", drawn(1, 2), 2);
  expect(await pastOf("reader", "c")).toBeNull();
  await keepPast("reader", "d", drawn(1), 0);
  expect(await pastOf("other", "d")).toBeNull();
  await dropDraftsOfOthers("other");
  expect(await pastOf("reader", "d")).toBeNull();
});

it("keeps nothing of a locked case, and all of the next", async () => {
  await keepPast("reader", "e", drawn(1), 0);
  await keepPast("reader", "f", drawn(2), 0);
  await dropDraft("reader", "e");
  expect([await pastOf("reader", "e"), await pastOf("reader", "f")]).toEqual([null, drawn(2)]);
});

it("leads back through what this device kept, and through what was drawn elsewhere", () => {
  const kept = undone(drawn(1, 2));
  expect(pastAt(kept, start(square(1)))).toBe(kept);
  expect(pastAt(null, start(square(1)))).toEqual(begun(square(1)));
  expect(pastAt(null, start(square(5), square(2)))).toEqual(gone(begun(square(2)), square(5)));
  expect(pastAt(drawn(1, 2), start(square(5), square(2)))).toEqual(drawn(1, 2, 5));
  // A step that the disk did not take any more: the drawing itself was kept.
  expect(pastAt(drawn(1), start(square(2)))).toEqual(drawn(1, 2));
});

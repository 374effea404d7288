import { expect, test } from "vitest";
import { lengthOf } from "./length";

test("a length is typed with a point or a comma, with or without its unit", () => {
  expect(["100", " 99,8 ", "99.8 mm", "100,5MM"].map(lengthOf)).toEqual([100, 99.8, 99.8, 100.5]);
});

test("what is no length is not guessed at", () => {
  expect(["", "ten", "-100", "1e2", "1000", "99.123", "9 9"].map(lengthOf)).toEqual(Array(7).fill(null));
});

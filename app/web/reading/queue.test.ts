import { expect, it } from "vitest";
import type { ReadingQueue } from "../shared/wire";
import { nextCase, nextWord } from "./queue";

const queue = (change: Partial<ReadingQueue>): ReadingQueue => ({
  total: 3, locked: 1, drafted: 0, next_code: "n", started: [], ...change,
});

it("goes on with what was begun before anything fresh", () => {
  expect(nextCase(queue({}))).toBe("n");
  expect(nextCase(queue({ started: ["s", "n"] }))).toBe("s");
  expect(nextCase(queue({ next_code: null }))).toBeNull();
});

it("tells each what to do next", () => {
  expect(nextWord(queue({ total: 0, next_code: null }), "reader")).toBe("desk.none_yet");
  expect(nextWord(queue({ next_code: null }), "reader")).toBe("desk.all_read");
  expect(nextWord(queue({ started: ["s"] }), "adjudicator")).toBe("desk.next_started");
  expect(nextWord(queue({}), "adjudicator")).toBe("desk.next_judge");
  expect(nextWord(queue({}), "reader")).toBe("desk.next_fresh");
});

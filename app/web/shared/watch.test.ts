import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { pollWait_ms, watch } from "./watch";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", { hidden: false });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("asks at once, then ever slower, up to a limit", () => {
  const waits = Array.from({ length: 30 }, (_, asked) => pollWait_ms(asked));
  expect(waits[0]).toBe(500);
  expect(waits.every((wait, i) => i === 0 || wait >= waits[i - 1]!)).toBe(true);
  expect(waits.at(-1)).toBe(10_000);
});

it("ends at the answer, and when it is ended", async () => {
  let asked = 0;
  watch(async () => (++asked < 3 ? "again" : "done"), () => 100);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toBe(3);

  let more = 0;
  const end = watch(async () => (++more, "again"), () => 100);
  await vi.advanceTimersByTimeAsync(250);
  end();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(more).toBe(3);
});

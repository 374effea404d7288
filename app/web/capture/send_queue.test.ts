import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, OfflineError } from "../shared/api";
import { ElsewhereError, SendQueue, retryWait_ms } from "./send_queue";
import { RETRY_WAITS_MS } from "./upload";

const refusal = (status: number, code = "code") => new ApiError(status, code, "fr", "en");

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A service that fails with each photograph's `failures` in turn, then takes it. */
function service(failures: Record<string, unknown[]> = {}, rest_ms = 0) {
  const tries: string[] = [];
  const arrived: string[] = [];
  const refused: string[] = [];
  let underWay = 0;
  let most = 0;
  const queue = new SendQueue({
    ship: async (id) => {
      tries.push(id);
      most = Math.max(most, ++underWay);
      await Promise.resolve();
      underWay -= 1;
      const failure = failures[id]?.shift();
      if (failure) throw failure;
      arrived.push(id);
      return rest_ms;
    },
    postponed: () => undefined,
    refused: (id) => void refused.push(id),
  });
  return { queue, tries, arrived, refused, most: () => most };
}

describe("the queue", () => {
  it("sends in the order of taking, two at a time at most", async () => {
    const { queue, tries, arrived, most } = service();
    for (const id of ["a", "b", "c", "d", "e"]) queue.add(id);
    await vi.runAllTimersAsync();
    expect(tries).toEqual(["a", "b", "c", "d", "e"]);
    expect(arrived.sort()).toEqual(["a", "b", "c", "d", "e"]);
    expect(most()).toBe(2);
  });

  it("rests between two, one at a time, where the service says that others send", async () => {
    const { queue, arrived, most } = service({}, 700);
    for (const id of ["a", "b", "c"]) queue.add(id);
    await vi.advanceTimersByTimeAsync(699);
    expect(arrived).toEqual(["a"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(arrived).toEqual(["a", "b"]);
    queue.wake();
    await vi.advanceTimersByTimeAsync(699);
    expect(arrived).toEqual(["a", "b"]);
    await vi.runAllTimersAsync();
    expect(arrived).toEqual(["a", "b", "c"]);
    expect(most()).toBe(1);
  });

  it("goes on through lost networks and a troubled service until it has arrived", async () => {
    const { queue, tries, arrived } = service({
      a: [new OfflineError("x"), refusal(503), refusal(429), refusal(400, "sha256_mismatch")],
    });
    queue.add("a");
    await vi.runAllTimersAsync();
    expect(tries).toEqual(["a", "a", "a", "a", "a"]);
    expect(arrived).toEqual(["a"]);
  });

  it("waits longer each time, and no longer than the last wait", () => {
    expect([1, 2, 3, 4, 5, 6].map(retryWait_ms)).toEqual([...RETRY_WAITS_MS]);
    expect(retryWait_ms(500)).toBe(RETRY_WAITS_MS.at(-1));
  });

  it("without a network holds all back, so that one asks and not fifty", async () => {
    const { queue, tries } = service(
      Object.fromEntries(["a", "b", "c", "d"].map((id) => [id, Array.from({ length: 99 }, () => new OfflineError("x"))])),
    );
    for (const id of ["a", "b", "c", "d"]) queue.add(id);
    await vi.advanceTimersByTimeAsync(RETRY_WAITS_MS[0] - 1);
    expect(tries.length).toBeLessThanOrEqual(3);
    queue.stop();
  });

  it("wakes at once when the network is back", async () => {
    const { queue, arrived } = service({ a: Array.from({ length: 6 }, () => new OfflineError("x")) });
    queue.add("a");
    await vi.advanceTimersByTimeAsync(RETRY_WAITS_MS.slice(0, 5).reduce((sum, wait) => sum + wait, 0) + 10);
    expect(arrived).toEqual([]);
    queue.wake();
    await vi.advanceTimersByTimeAsync(1);
    expect(arrived).toEqual(["a"]);
  });

  it("lets a photograph in trouble not hold up the others", async () => {
    const { queue, arrived } = service({ a: [refusal(503)], b: [refusal(503)] });
    for (const id of ["a", "b", "c"]) queue.add(id);
    await vi.advanceTimersByTimeAsync(1);
    expect(arrived).toEqual(["c"]);
    queue.stop();
  });

  it.each([400, 403, 404, 409, 413, 415, 422])("does not repeat what answer %d refuses for good", async (status) => {
    const { queue, tries, refused } = service({ a: [refusal(status)] });
    queue.add("a");
    await vi.runAllTimersAsync();
    expect(tries).toEqual(["a"]);
    expect(refused).toEqual(["a"]);
  });

  it.each([[401, "not_signed_in"], [403, "tablet_needed"]] as const)(
    "keeps waiting at answer %d %s: nothing is wrong with the photograph",
    async (status, code) => {
      const { queue, arrived, refused } = service({ a: [refusal(status, code)] });
      queue.add("a");
      await vi.runAllTimersAsync();
      expect(refused).toEqual([]);
      expect(arrived).toEqual(["a"]);
    },
  );

  it("leaves to another tab what that is sending, and looks again", async () => {
    const { queue, tries, arrived } = service({ a: [new ElsewhereError()] });
    queue.add("a");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(tries).toEqual(["a"]);
    await vi.runAllTimersAsync();
    expect(arrived).toEqual(["a"]);
  });

  it("sends nothing more once stopped", async () => {
    const { queue, tries } = service({ a: [refusal(503)] });
    queue.add("a");
    await vi.advanceTimersByTimeAsync(1);
    queue.stop();
    await vi.runAllTimersAsync();
    expect(tries).toEqual(["a"]);
  });
});

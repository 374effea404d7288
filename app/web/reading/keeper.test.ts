import "fake-indexeddb/auto";
import { expect, it, vi } from "vitest";
import { ApiError, OfflineError } from "../shared/api";
import type { Asks, Draft, Saying } from "../shared/wire";
import { draftOf, dropDraft, dropDraftsOfOthers, keepDraft, type KeptDraft } from "./draft_vault";
import { Keeper, retryWait_ms, start, type Keeping, type Outside } from "./keeper";
import { NOTHING_SAID, missing, saysSame, toSend } from "./saying";

const open = (x: number): Saying => ({ ...NOTHING_SAID, category: "open", rings: [[[x, 0], [9, 0], [9, 9]]] });

/** A service that keeps drafts as the reading room does, behind a network that fails when told to. */
function service() {
  const got: { number: number; saying: Saying }[] = [];
  const network: ("lost" | "answer lost" | "good")[] = [];
  const told: Keeping[] = [];
  const kept: KeptDraft[] = [];
  const outside: Outside = {
    send: async (number, saying) => {
      const now = network.shift() ?? "good";
      if (now === "lost") throw new OfflineError("lost");
      const last = got.at(-1);
      const again = last?.number === number && saysSame(last.saying, saying);
      if (!again && number !== (last?.number ?? 0) + 1) throw new ApiError(409, "draft_is_older", "", "");
      if (!again) got.push({ number, saying });
      if (now === "answer lost") throw new OfflineError("lost");
      return { ...saying, number, area_mm2: null, u_area_mm2: null } as Draft;
    },
    keep: async (draft) => void kept.push(draft),
    rest: async () => undefined,
    tell: (keeping) => void told.push(keeping),
  };
  return { got, network, told, kept, outside };
}

it("keeps every stroke on the device at once and sends only the last of a flurry", async () => {
  vi.useFakeTimers();
  const { got, kept, outside, told } = service();
  const keeper = new Keeper("reader", "c", 0, outside);
  for (let x = 0; x < 5; x++) keeper.say(open(x));
  expect(kept.map((draft) => draft.saying)).toEqual([0, 1, 2, 3, 4].map(open));
  expect(got).toEqual([]);
  await vi.advanceTimersByTimeAsync(800);
  expect(got).toEqual([{ number: 1, saying: open(4) }]);
  expect(told.at(-1)!.state).toBe("saved");
  vi.useRealTimers();
});

it("tries again through a lost network, and says that it waits", async () => {
  const { got, network, outside, told } = service();
  const keeper = new Keeper("reader", "c", 0, outside);
  network.push("lost", "lost", "lost");
  keeper.say(open(1));
  await keeper.flush();
  expect(got).toHaveLength(1);
  expect(told.map((keeping) => keeping.state)).toEqual(["saving", "waiting", "waiting", "waiting", "saved"]);
});

it("is not overtaken by itself when an answer is lost while the reader draws on", async () => {
  const { got, network, outside, told } = service();
  const keeper = new Keeper("reader", "c", 0, outside);
  network.push("answer lost");
  keeper.say(open(1));
  const sending = keeper.flush();
  keeper.say(open(2));
  await sending;
  await keeper.flush();
  expect(got.map(({ number, saying }) => [number, saying])).toEqual([[1, open(1)], [2, open(2)]]);
  expect(told.some((keeping) => keeping.state === "older")).toBe(false);
});

it("says when the case was changed elsewhere, and stops", async () => {
  const { got, outside, told } = service();
  got.push({ number: 1, saying: open(7) });
  const keeper = new Keeper("reader", "c", 0, outside);
  keeper.say(open(1));
  await keeper.flush();
  expect(told.at(-1)!.state).toBe("older");
  expect(got).toHaveLength(1);
});

it("waits ever longer, but not for ever", () => {
  expect([0, 1, 2, 10].map(retryWait_ms)).toEqual([1000, 2000, 4000, 20000]);
});

const kept = (base: number, saying: Saying, sent: Saying | null = null): KeptDraft => ({
  owner: "reader", code: "c", base, saying, sent,
});

it("goes on with the newer of service and device", () => {
  expect(start(3, open(3), null).shown).toEqual(open(3));
  expect(start(3, open(3), kept(3, open(3))).unsent).toBeNull();
  expect(start(3, open(3), kept(3, open(4))).shown).toEqual(open(4));
  // Sent before the reload, arrived without an answer, and drawn on since.
  const on = start(3, open(3), kept(2, open(4), open(3)));
  expect([on.shown, on.unsent!.base, on.unsent!.sent, on.overtaken]).toEqual([open(4), 3, null, null]);
  // Another device was quicker: its draft is shown, ours is one undo away.
  const elsewhere = start(5, open(9), kept(2, open(4), open(3)));
  expect([elsewhere.shown, elsewhere.unsent, elsewhere.overtaken]).toEqual([open(9), null, open(4)]);
});

it("keeps drafts by person and case, and nothing of another person", async () => {
  await keepDraft(kept(1, open(1)));
  await keepDraft({ ...kept(1, open(2)), owner: "other" });
  expect((await draftOf("reader", "c"))!.saying).toEqual(open(1));
  await dropDraftsOfOthers("reader");
  expect(await draftOf("other", "c")).toBeNull();
  await dropDraft("reader", "c");
  expect(await draftOf("reader", "c")).toBeNull();
});

it("compares what is said as the service keeps it", () => {
  expect(saysSame(open(1.04), open(1))).toBe(true);
  expect(saysSame(open(1.06), open(1))).toBe(false);
  expect(saysSame({ ...open(1), confidence: 2 }, open(1))).toBe(false);
  expect(toSend({ ...open(1), choice: "A", confidence: 3 })).toEqual({ ...NOTHING_SAID, choice: "A", confidence: 3 });
});

const ASKS: Asks = { confidence: true, tissue: false, area_shown: false, machine_outline: "hidden", reasons: [] };

it("says what is missing before signing", () => {
  const says = (saying: Partial<Saying>, judgement = false) =>
    missing({ ...NOTHING_SAID, ...saying }, ASKS, judgement).map((key) => key.slice("desk.missing.".length));
  expect(says({})).toEqual(["category", "confidence"]);
  expect(says({ category: "open", confidence: 3 })).toEqual(["outline"]);
  expect(says({ ...open(1), confidence: 3 })).toEqual([]);
  expect(says({ ...open(1), category: "closed", confidence: 3 })).toEqual(["contradiction"]);
  expect(says({ category: "not_assessable" })).toEqual(["reason", "confidence"]);
  expect(says({}, true)).toEqual(["choice"]);
  expect(says({ choice: "A" }, true)).toEqual(["confidence"]);
  expect(says({ choice: "drawn", confidence: 2 }, true)).toEqual(["category"]);
});

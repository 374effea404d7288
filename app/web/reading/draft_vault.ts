/** What a reader has said of a case and every stroke before, on this device until the case is locked. */

import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Saying } from "../shared/wire";
import { states, withStates, type Past } from "./past";
import type { Rings } from "./rings";

export interface KeptDraft {
  /** The account that said it: nobody else is shown or sends it. */
  owner: string;
  code: string;
  /** Number of the service's draft that it builds on. */
  base: number;
  saying: Saying;
  /** What was sent as number `base + 1` without an answer: it may have arrived. */
  sent: Saying | null;
}

/** One drawing of those that undo and redo lead through. */
interface Step {
  owner: string;
  code: string;
  place: number;
  rings: Rings;
}

/** Which of the steps is shown, and how many of them count: what lies behind was drawn over after an undo. */
interface Place {
  owner: string;
  code: string;
  at: number;
  count: number;
}

interface Vault extends DBSchema {
  drafts: { key: [string, string]; value: KeptDraft };
  steps: { key: [string, string, number]; value: Step };
  places: { key: [string, string]; value: Place };
}

const NAME = "planimeter.reading";
/** 2: steps and places. */
const VERSION = 2;

let opened: Promise<IDBPDatabase<Vault>> | undefined;

function vault(): Promise<IDBPDatabase<Vault>> {
  opened ??= openDB<Vault>(NAME, VERSION, {
    upgrade(database, before) {
      if (before < 1) database.createObjectStore("drafts", { keyPath: ["owner", "code"] });
      database.createObjectStore("steps", { keyPath: ["owner", "code", "place"] });
      database.createObjectStore("places", { keyPath: ["owner", "code"] });
    },
  });
  return opened;
}

/** Kept once this resolves: the transaction is on the disk, not in the browser's memory only. */
export async function keepDraft(draft: KeptDraft): Promise<void> {
  const transaction = (await vault()).transaction("drafts", "readwrite", { durability: "strict" });
  await transaction.store.put(draft);
  await transaction.done;
}

export async function draftOf(owner: string, code: string): Promise<KeptDraft | null> {
  return (await (await vault()).get("drafts", [owner, code])) ?? null;
}

const stepsOf = (owner: string, code: string, count = Infinity): IDBKeyRange =>
  IDBKeyRange.bound([owner, code, 0], [owner, code, count], false, true);

/**
 * Keep what undo and redo lead through.
 *
 * @param known how many of the first states are kept already: a stroke writes itself and none before it
 */
export async function keepPast(owner: string, code: string, past: Past<Rings>, known: number): Promise<void> {
  const all = states(past);
  const transaction = (await vault()).transaction(["steps", "places"], "readwrite");
  const steps = transaction.objectStore("steps");
  const place: Place = { owner, code, at: past.before.length, count: all.length };
  await Promise.all([
    ...all.slice(known).map((rings, i) => steps.put({ owner, code, place: known + i, rings })),
    transaction.objectStore("places").put(place),
    transaction.done,
  ]);
}

/** What was kept of it, or null where nothing was, or not all. */
export async function pastOf(owner: string, code: string): Promise<Past<Rings> | null> {
  const transaction = (await vault()).transaction(["steps", "places"]);
  const place = await transaction.objectStore("places").get([owner, code]);
  if (!place) return null;
  const kept = await transaction.objectStore("steps").getAll(stepsOf(owner, code, place.count));
  return kept.length === place.count ? withStates(kept.map((step) => step.rings), place.at) : null;
}

/** The case is locked: nothing of it stays on the device. */
export async function dropDraft(owner: string, code: string): Promise<void> {
  const transaction = (await vault()).transaction(["drafts", "steps", "places"], "readwrite");
  await Promise.all([
    transaction.objectStore("drafts").delete([owner, code]),
    transaction.objectStore("places").delete([owner, code]),
    transaction.objectStore("steps").delete(stepsOf(owner, code)),
    transaction.done,
  ]);
}

/** Another person has signed in on this device: what others drew here is none of theirs. */
export async function dropDraftsOfOthers(owner: string): Promise<void> {
  const transaction = (await vault()).transaction(["drafts", "steps", "places"], "readwrite");
  for (const name of ["drafts", "steps", "places"] as const) {
    const store = transaction.objectStore(name);
    const keys: IDBValidKey[] = await store.getAllKeys();
    const others = keys.filter((key) => Array.isArray(key) && key[0] !== owner);
    await Promise.all(others.map((key) => store.delete(IDBKeyRange.only(key))));
  }
  await transaction.done;
}

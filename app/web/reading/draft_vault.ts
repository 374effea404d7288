/** What a reader has said of a case, on this device until the service has it and the case is locked. */

import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Saying } from "../shared/wire";

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

interface Vault extends DBSchema {
  drafts: { key: [string, string]; value: KeptDraft };
}

const NAME = "planimeter.reading";
const VERSION = 1;

let opened: Promise<IDBPDatabase<Vault>> | undefined;

function vault(): Promise<IDBPDatabase<Vault>> {
  opened ??= openDB<Vault>(NAME, VERSION, {
    upgrade(database) {
      database.createObjectStore("drafts", { keyPath: ["owner", "code"] });
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

/** The case is locked: nothing of it stays on the device. */
export async function dropDraft(owner: string, code: string): Promise<void> {
  await (await vault()).delete("drafts", [owner, code]);
}

/** Another person has signed in on this device: what others drew here is none of theirs. */
export async function dropDraftsOfOthers(owner: string): Promise<void> {
  const transaction = (await vault()).transaction("drafts", "readwrite");
  const keys = await transaction.store.getAllKeys();
  await Promise.all(keys.filter(([of]) => of !== owner).map((key) => transaction.store.delete(key)));
  await transaction.done;
}

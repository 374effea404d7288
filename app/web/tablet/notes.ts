/** Visit notes that wait on this tablet, sealed as the photographs are. */

import type { VisitNote } from "../shared/wire";
import { onDisk, tabletDatabase, type Row } from "./database";
import { sealSaying, unsealSaying } from "./seal";

export interface WaitingNote {
  id: string;
  owner: string;
  added_at: string;
  note: VisitNote;
}

const bound = (id: string, owner: string): string => `note ${id} of ${owner}`;

export async function keepNote({ id, owner, added_at, note }: WaitingNote, key: CryptoKey): Promise<void> {
  const row: Row = { id, owner, added_at, about: await sealSaying(key, note, bound(id, owner)) };
  await onDisk(["notes"], (transaction) => transaction.objectStore("notes").put(row));
}

/** This person's notes in the order in which they were made: of a visit, the last one counts. */
export async function waitingNotesOf(owner: string, key: CryptoKey): Promise<WaitingNote[]> {
  const rows = await (await tabletDatabase()).getAllFromIndex("notes", "owner", owner);
  const found = await Promise.all(
    rows.map(async ({ id, added_at, about }): Promise<WaitingNote | null> => {
      const note = await unsealSaying<VisitNote>(key, about, bound(id, owner)).catch(() => null);
      return note && { id, owner, added_at, note };
    }),
  );
  return found.filter((note) => note !== null).sort((a, b) => a.added_at.localeCompare(b.added_at));
}

/** The service has it: its receipt in, the note out. */
export async function settleNote({ id, owner }: WaitingNote): Promise<void> {
  const receipt = { id, owner, sha256: null, stored_at: new Date().toISOString() };
  await onDisk(["notes", "receipts"], (transaction) =>
    Promise.all([transaction.objectStore("receipts").put(receipt), transaction.objectStore("notes").delete(id)]),
  );
}

export async function discardNote(id: string): Promise<void> {
  await onDisk(["notes"], (transaction) => transaction.objectStore("notes").delete(id));
}

/** Photographs on this tablet that the service has not yet acknowledged, in IndexedDB. */

import { openDB, type DBSchema, type IDBPDatabase } from "idb";

export interface WaitingPhoto {
  id: string;
  /** The account that took it: nobody else sends it. */
  owner: string;
  ulcer_id: string;
  visit_code: string;
  type: string;
  /** Bytes, not a Blob: Safari has lost stored blobs between sessions. */
  bytes: ArrayBuffer;
  sha256: string;
  added_at: string;
}

interface Vault extends DBSchema {
  photos: { key: string; value: WaitingPhoto; indexes: { owner: string } };
}

const NAME = "planimeter";
const VERSION = 1;

let opened: Promise<IDBPDatabase<Vault>> | undefined;

function vault(): Promise<IDBPDatabase<Vault>> {
  opened ??= openDB<Vault>(NAME, VERSION, {
    upgrade(database) {
      database.createObjectStore("photos", { keyPath: "id" }).createIndex("owner", "owner");
    },
  });
  return opened;
}

/** Kept once this resolves: the transaction is on the disk, not in the browser's memory only. */
export async function keep(photo: WaitingPhoto): Promise<void> {
  const database = await vault();
  const transaction = database.transaction("photos", "readwrite", { durability: "strict" });
  await transaction.store.put(photo);
  await transaction.done;
}

/** Called with a receipt in hand, or when the nurse discards a photograph that the service refuses to take. */
export async function release(id: string): Promise<void> {
  await (await vault()).delete("photos", id);
}

export async function waitingOf(owner: string): Promise<WaitingPhoto[]> {
  const photos = await (await vault()).getAllFromIndex("photos", "owner", owner);
  return photos.sort((a, b) => a.added_at.localeCompare(b.added_at));
}

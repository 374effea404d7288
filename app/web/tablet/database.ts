/** The tablet's own database: what waits for the service, its receipts, and what is kept for reading offline. */

import { signal } from "@preact/signals";
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from "idb";
import type { Me } from "../shared/wire";
import type { Sealed } from "./seal";

/** A photograph as version 1 kept it: not sealed. */
export interface OpenPhoto {
  id: string;
  owner: string;
  ulcer_id: string;
  visit_code: string;
  type: string;
  bytes: ArrayBuffer;
  sha256: string;
  added_at: string;
}

/** What waits: whose and since when in the open, all else sealed. */
export interface Row {
  id: string;
  /** The account that it belongs to: nobody else sends it. */
  owner: string;
  added_at: string;
  about: Sealed;
}

export interface KeptReceipt {
  id: string;
  owner: string;
  /** Of the photograph; null for a note. */
  sha256: string | null;
  stored_at: string;
}

/** Who is at work, and whether the page is locked. */
export interface Desk {
  name: "desk";
  person: Me;
  locked: boolean;
  /** Whether the service has been told of the lock. */
  told: boolean;
}

/** A vault key, wrapped by a PIN and then by a key of this browser alone. */
export interface WrappedKey {
  owner: string;
  device: CryptoKey;
  salt: Uint8Array<ArrayBuffer>;
  iterations: number;
  wrapped: Sealed;
  tries_left: number;
}

interface Schema extends DBSchema {
  photos: { key: string; value: Row | OpenPhoto; indexes: { owner: string } };
  /** The sealed bytes, apart: listing five hundred photographs must not read two gigabytes. */
  pixels: { key: string; value: { id: string; sealed: Sealed } };
  notes: { key: string; value: Row; indexes: { owner: string } };
  receipts: { key: string; value: KeptReceipt };
  kept: { key: [string, string]; value: { owner: string; name: string; at: string; sealed: Sealed } };
  keys: { key: string; value: { owner: string; key: CryptoKey } };
  wrapped: { key: string; value: WrappedKey };
  desk: { key: string; value: Desk };
}

export type TabletDatabase = IDBPDatabase<Schema>;

const NAME = "planimeter";
const VERSION = 2;

/** Another tab still runs the pages of before: it has to be closed before this one can open the database. */
export const heldUp = signal(false);

let opened: Promise<TabletDatabase> | undefined;

/** Version 2 adds stores and touches no photograph: whose they are seals them at the next sign-in. */
function upgrade(database: TabletDatabase, before: number): void {
  if (before < 1) database.createObjectStore("photos", { keyPath: "id" }).createIndex("owner", "owner");
  if (before >= 2) return;
  database.createObjectStore("pixels", { keyPath: "id" });
  database.createObjectStore("notes", { keyPath: "id" }).createIndex("owner", "owner");
  database.createObjectStore("receipts", { keyPath: "id" });
  database.createObjectStore("kept", { keyPath: ["owner", "name"] });
  database.createObjectStore("keys", { keyPath: "owner" });
  database.createObjectStore("wrapped", { keyPath: "owner" });
  database.createObjectStore("desk", { keyPath: "name" });
}

export function tabletDatabase(): Promise<TabletDatabase> {
  opened ??= openDB<Schema>(NAME, VERSION, {
    upgrade,
    blocked: () => {
      heldUp.value = true;
    },
    blocking: (_now, _wanted, event) => {
      (event.target as IDBDatabase).close();
      opened = undefined;
    },
    terminated: () => {
      opened = undefined;
    },
  }).then((database) => {
    heldUp.value = false;
    return database;
  });
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

type Names = StoreNames<Schema>;

/** Change several stores at once; on the disk, not in the browser's memory only, once this resolves. */
export async function onDisk<Stores extends Names[]>(
  stores: Stores,
  change: (transaction: IDBPTransaction<Schema, Stores, "readwrite">) => Promise<unknown>,
): Promise<void> {
  const transaction = (await tabletDatabase()).transaction(stores, "readwrite", { durability: "strict" });
  await Promise.all([change(transaction), transaction.done]);
}

/** Photographs on this tablet that the service has not yet acknowledged: sealed, each its owner's. */

import type { Receipt } from "../shared/wire";
import { onDisk, tabletDatabase, type OpenPhoto, type Row } from "./database";
import { seal, sealSaying, unseal, unsealSaying } from "./seal";

/** What the file's own header said of the lens, before it was taken off. */
export interface Optics {
  focal_35mm_mm: number | null;
  digital_zoom_ratio: number | null;
  orientation: number | null;
}

export interface About {
  ulcer_id: string;
  visit_code: string;
  type: string;
  /** Of the bytes as they are sent. */
  sha256: string;
  optics: Optics | null;
}

export interface WaitingPhoto extends About {
  id: string;
  /** The account that took it: nobody else sends it. */
  owner: string;
  added_at: string;
}

const boundAbout = (id: string, owner: string): string => `photo ${id} of ${owner}`;
const boundPixels = (id: string, owner: string): string => `pixels ${id} of ${owner}`;

export function isOpen(row: Row | OpenPhoto): row is OpenPhoto {
  return "bytes" in row;
}

async function sealed(photo: WaitingPhoto, bytes: ArrayBuffer, key: CryptoKey) {
  const { id, owner, added_at, ...about } = photo;
  const row: Row = { id, owner, added_at, about: await sealSaying(key, about, boundAbout(id, owner)) };
  return { row, pixels: { id, sealed: await seal(key, bytes, boundPixels(id, owner)) } };
}

/** Kept once this resolves: the transaction is on the disk, not in the browser's memory only. */
export async function keep(photo: WaitingPhoto, bytes: ArrayBuffer, key: CryptoKey): Promise<void> {
  const { row, pixels } = await sealed(photo, bytes, key);
  await onDisk(["photos", "pixels"], (transaction) =>
    Promise.all([transaction.objectStore("photos").put(row), transaction.objectStore("pixels").put(pixels)]),
  );
}

/**
 * Seal what version 1 left in the open; each is sealed or as it was, whatever happens in between.
 *
 * The bytes stay as they are: they may have been sent already, and the same name must mean the same bytes.
 */
export async function sealLeftovers(owner: string, key: CryptoKey): Promise<void> {
  const rows = await (await tabletDatabase()).getAllFromIndex("photos", "owner", owner);
  for (const open of rows.filter(isOpen)) {
    const { bytes, ...about } = open;
    const { row, pixels } = await sealed({ ...about, optics: null }, bytes, key);
    await onDisk(["photos", "pixels"], async (transaction) => {
      const still = await transaction.objectStore("photos").get(open.id);
      if (!still || !isOpen(still)) return; // another tab has sealed or sent it
      await transaction.objectStore("photos").put(row);
      await transaction.objectStore("pixels").put(pixels);
    });
  }
}

/** This person's photographs, oldest first; what another key has sealed stays where it is and is left out. */
export async function waitingOf(owner: string, key: CryptoKey): Promise<WaitingPhoto[]> {
  const rows = await (await tabletDatabase()).getAllFromIndex("photos", "owner", owner);
  const found = await Promise.all(
    rows.map(async (row): Promise<WaitingPhoto | null> => {
      if (isOpen(row)) return null;
      const about = await unsealSaying<About>(key, row.about, boundAbout(row.id, owner)).catch(() => null);
      return about && { id: row.id, owner, added_at: row.added_at, ...about };
    }),
  );
  return found.filter((photo) => photo !== null).sort((a, b) => a.added_at.localeCompare(b.added_at));
}

/** The photograph's bytes; null once it has left the tablet. */
export async function bytesOf(id: string, owner: string, key: CryptoKey): Promise<ArrayBuffer | null> {
  const pixels = await (await tabletDatabase()).get("pixels", id);
  return pixels ? unseal(key, pixels.sealed, boundPixels(id, owner)) : null;
}

/** The receipt in and the photograph out, in one transaction: there is always one of the two. */
export async function settle(photo: WaitingPhoto, receipt: Receipt): Promise<void> {
  const kept = { id: photo.id, owner: photo.owner, sha256: receipt.sha256, stored_at: new Date().toISOString() };
  await onDisk(["photos", "pixels", "receipts"], (transaction) =>
    Promise.all([
      transaction.objectStore("receipts").put(kept),
      transaction.objectStore("photos").delete(photo.id),
      transaction.objectStore("pixels").delete(photo.id),
    ]),
  );
}

/** The nurse has read why the service does not take this file, and removes it. */
export async function discard(id: string): Promise<void> {
  await onDisk(["photos", "pixels"], (transaction) =>
    Promise.all([transaction.objectStore("photos").delete(id), transaction.objectStore("pixels").delete(id)]),
  );
}

export async function hasReceipt(id: string): Promise<boolean> {
  return (await (await tabletDatabase()).count("receipts", id)) > 0;
}

export interface Waiting {
  mine: number;
  others: number;
}

/** How many photographs wait on this tablet: this person's, and other people's. */
export async function countWaiting(owner: string): Promise<Waiting> {
  const database = await tabletDatabase();
  const [all, mine] = await Promise.all([
    database.count("photos"),
    database.countFromIndex("photos", "owner", owner),
  ]);
  return { mine, others: all - mine };
}

/** Long enough to answer whether a photograph arrived, short enough not to grow for ever. */
const RECEIPTS_KEPT_DAYS = 90;
const DAY_MS = 86_400_000;

export async function dropOldReceipts(now: number): Promise<void> {
  const oldest = new Date(now - RECEIPTS_KEPT_DAYS * DAY_MS).toISOString();
  const rows = await (await tabletDatabase()).getAll("receipts");
  const old = rows.filter((row) => row.stored_at < oldest);
  if (old.length === 0) return;
  await onDisk(["receipts"], (transaction) =>
    Promise.all(old.map((row) => transaction.objectStore("receipts").delete(row.id))),
  );
}

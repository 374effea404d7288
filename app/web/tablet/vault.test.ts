import "fake-indexeddb/auto";
import { openDB } from "idb";
import { beforeAll, describe, expect, it } from "vitest";
import { tabletDatabase } from "./database";
import { vaultKey } from "./seal";
import {
  bytesOf, countWaiting, discard, dropOldReceipts, hasReceipt, keep, sealLeftovers, settle, waitingOf, type WaitingPhoto,
} from "./vault";

const PIXELS = new Uint8Array([7, 8, 9, 10, 11, 12, 13, 14]);
const key = await vaultKey(crypto.getRandomValues(new Uint8Array(32)));
const anotherKey = await vaultKey(crypto.getRandomValues(new Uint8Array(32)));

const photo = (id: string, owner: string, added_at = "2025-01-01T00:00:00Z"): WaitingPhoto => ({
  id, owner, ulcer_id: "the-ulcer", visit_code: "W0", type: "image/jpeg", sha256: `sum of ${id}`, added_at,
  optics: { focal_35mm_mm: 26, digital_zoom_ratio: null, orientation: 6 },
});

const left = (id: string, owner: string) => ({
  id, owner, ulcer_id: "the-ulcer", visit_code: "W0", type: "image/jpeg", sha256: `sum of ${id}`,
  added_at: "2024-12-31T00:00:00Z", bytes: PIXELS.slice().buffer,
});

const receiptFor = ({ id, sha256 }: WaitingPhoto) => ({
  id, sha256, size_bytes: PIXELS.length, received_at: "2025-01-01T00:00:01Z", state: "received" as const,
});

/** Everything that the database holds, as one text: bytes as numbers. */
async function everythingStored(): Promise<string> {
  const database = await tabletDatabase();
  const plain = (_: string, value: unknown) =>
    value instanceof ArrayBuffer ? [...new Uint8Array(value)] : value instanceof Uint8Array ? [...value] : value;
  const stores = await Promise.all([database.getAll("photos"), database.getAll("pixels")]);
  return JSON.stringify(stores, plain);
}

/** A tablet that was in use before photographs were sealed. */
beforeAll(async () => {
  const before = await openDB("planimeter", 1, {
    upgrade: (database) => void database.createObjectStore("photos", { keyPath: "id" }).createIndex("owner", "owner"),
  });
  await before.put("photos", left("old-1", "nice"));
  await before.put("photos", left("old-2", "nice"));
  await before.put("photos", left("old-3", "nantes"));
  before.close();
});

describe("what version 1 left in the open", () => {
  it("is there after the upgrade, is sealed when its owner signs in, and bears the same name and bytes", async () => {
    expect(await countWaiting("nice")).toEqual({ mine: 2, others: 1 });
    await sealLeftovers("nice", key);
    const waiting = await waitingOf("nice", key);
    expect(waiting.map(({ id, sha256 }) => [id, sha256])).toEqual([["old-1", "sum of old-1"], ["old-2", "sum of old-2"]]);
    expect(new Uint8Array((await bytesOf("old-1", "nice", key))!)).toEqual(PIXELS);
    expect(await everythingStored()).toContain(`"bytes":[${[...PIXELS].join()}]`); // Nantes has not signed in yet
    await sealLeftovers("nantes", anotherKey);
    expect(await everythingStored()).not.toContain([...PIXELS].join());
    expect(await countWaiting("nice")).toEqual({ mine: 2, others: 1 });
  });

  it("is sealed once, however often its owner signs in", async () => {
    await sealLeftovers("nice", key);
    expect(new Uint8Array((await bytesOf("old-2", "nice", key))!)).toEqual(PIXELS);
  });
});

describe("the vault", () => {
  it("keeps photographs by person, oldest first, until there is a receipt", async () => {
    const [a, b, c] = [photo("a", "lyon"), photo("b", "lyon", "2025-01-02T00:00:00Z"), photo("c", "lille")];
    for (const one of [b, a]) await keep(one, PIXELS.slice().buffer, key);
    await keep(c, PIXELS.slice().buffer, anotherKey);
    expect(await waitingOf("lyon", key)).toEqual([a, b]);
    await settle(a, receiptFor(a));
    expect(await waitingOf("lyon", key)).toEqual([b]);
    expect([await hasReceipt("a"), await hasReceipt("b")]).toEqual([true, false]);
    expect(await bytesOf("a", "lyon", key)).toBeNull();
    expect(await waitingOf("lille", anotherKey)).toEqual([c]);
  });

  it("stores nothing of a photograph that could be read without its key", async () => {
    await keep(photo("d", "lyon"), PIXELS.slice().buffer, key);
    const stored = await everythingStored();
    expect(stored).toContain('"d"');
    for (const secret of ["the-ulcer", "W0", "sum of d", [...PIXELS].join()]) expect(stored).not.toContain(secret);
  });

  it("opens with its owner's key only, and leaves the rest where it is", async () => {
    await expect(bytesOf("d", "lyon", anotherKey)).rejects.toThrow();
    await expect(bytesOf("d", "lille", key)).rejects.toThrow();
    expect((await waitingOf("lyon", anotherKey)).length).toBe(0);
    expect((await countWaiting("lyon")).mine).toBe(2);
  });

  it("removes what the nurse discards", async () => {
    await discard("d");
    expect((await waitingOf("lyon", key)).map(({ id }) => id)).toEqual(["b"]);
  });

  it("forgets receipts after three months, not before", async () => {
    await dropOldReceipts(Date.now() + 89 * 86_400_000);
    expect(await hasReceipt("a")).toBe(true);
    await dropOldReceipts(Date.now() + 91 * 86_400_000);
    expect(await hasReceipt("a")).toBe(false);
  });
});

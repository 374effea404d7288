/** The vault's key wrapped by a PIN, so that the person at work gets back in without the network. */

import { onDisk, tabletDatabase, type WrappedKey } from "./database";
import { IV_BYTES, deviceKey, fromBase64, seal, unseal, vaultKey } from "./seal";

/** OWASP Password Storage Cheat Sheet (2023) for PBKDF2-HMAC-SHA256: about a second on a modest tablet. */
export const PIN_ITERATIONS = 600_000;

/** As the service allows: six digits have a million values, and no one has more than five tries. */
export const PIN_TRIES = 5;

const SALT_BYTES = 16;

const bound = (owner: string): string => `vault key of ${owner}`;

async function keyOfPin(pin: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<CryptoKey> {
  const typed = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations },
    typed,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

/** Wrap `given` (base64, the service's answer) under a PIN that the service has just accepted. */
export async function wrapByPin(owner: string, pin: string, given: string, iterations = PIN_ITERATIONS): Promise<void> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const byPin = await seal(await keyOfPin(pin, salt, iterations), fromBase64(given), bound(owner));
  const device = await deviceKey();
  // The inner piece, its vector in front: one piece for the outer key.
  const inner = new Uint8Array(byPin.iv.length + byPin.bytes.byteLength);
  inner.set(byPin.iv);
  inner.set(new Uint8Array(byPin.bytes), byPin.iv.length);
  const row = { owner, device, salt, iterations, wrapped: await seal(device, inner, bound(owner)), tries_left: PIN_TRIES };
  await onDisk(["wrapped"], (transaction) => transaction.objectStore("wrapped").put(row));
}

/** One try less, on the disk before the PIN is tried: closing the page gives no try back. */
async function takeTry(owner: string): Promise<WrappedKey | null> {
  let row: WrappedKey | undefined;
  await onDisk(["wrapped"], async (transaction) => {
    row = await transaction.objectStore("wrapped").get(owner);
    if (!row) return;
    row = { ...row, tries_left: row.tries_left - 1 };
    await transaction.objectStore("wrapped").put(row);
  });
  return row ?? null;
}

async function tryPin(row: WrappedKey, pin: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const inner = new Uint8Array(await unseal(row.device, row.wrapped, bound(row.owner)));
  const byPin = { iv: inner.slice(0, IV_BYTES), bytes: inner.slice(IV_BYTES).buffer };
  try {
    return new Uint8Array(await unseal(await keyOfPin(pin, row.salt, row.iterations), byPin, bound(row.owner)));
  } catch {
    return null; // the only way in which AES-GCM says that the PIN is another
  }
}

export type Unwrapped = { key: CryptoKey } | { tries_left: number };

/** The vault's key by its PIN; no tries left: it is dropped, and only a full sign-in opens the vault again. */
export async function unwrapByPin(owner: string, pin: string): Promise<Unwrapped> {
  const row = await takeTry(owner);
  if (!row) return { tries_left: 0 };
  const raw = await tryPin(row, pin);
  if (!raw) {
    if (row.tries_left <= 0) await dropWrapped(owner);
    return { tries_left: Math.max(0, row.tries_left) };
  }
  const right = { ...row, tries_left: PIN_TRIES };
  await onDisk(["wrapped"], (transaction) => transaction.objectStore("wrapped").put(right));
  return { key: await vaultKey(raw) };
}

export async function canUnwrap(owner: string): Promise<boolean> {
  return (await (await tabletDatabase()).count("wrapped", owner)) > 0;
}

/** Signed out, or the shift is over: the PIN opens nothing here any more. */
export async function dropWrapped(owner: string): Promise<void> {
  await onDisk(["wrapped"], (transaction) => transaction.objectStore("wrapped").delete(owner));
}

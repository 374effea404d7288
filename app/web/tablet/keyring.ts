/** The key that seals this person's photographs: in memory, and as a key that cannot be read out while signed in. */

import { onDisk, tabletDatabase } from "./database";
import { fromBase64, vaultKey } from "./seal";

let held: { owner: string; key: CryptoKey } | null = null;

export function heldKey(owner: string): CryptoKey | null {
  return held?.owner === owner ? held.key : null;
}

/** A key that is no one's but this person's from now on; a reload without network finds it again. */
export async function holdKey(owner: string, key: CryptoKey): Promise<CryptoKey> {
  await onDisk(["keys"], async (transaction) => {
    await transaction.objectStore("keys").clear();
    await transaction.objectStore("keys").put({ owner, key });
  });
  held = { owner, key };
  return key;
}

/** @param given the service's answer, base64 of 32 bytes */
export async function takeKey(owner: string, given: string): Promise<CryptoKey> {
  return holdKey(owner, await vaultKey(fromBase64(given)));
}

/** The key of a page that was open before; null after a lock or a sign-out. */
export async function findKey(owner: string): Promise<CryptoKey | null> {
  const found = heldKey(owner) ?? (await (await tabletDatabase()).get("keys", owner))?.key ?? null;
  if (found) held = { owner, key: found };
  return found;
}

/** Locked or signed out: no key is left on the tablet but the one that a PIN unwraps. */
export async function dropKeys(): Promise<void> {
  held = null;
  await onDisk(["keys"], (transaction) => transaction.objectStore("keys").clear());
}

/** What the service last said of the study, sealed on this tablet for reading it offline. */

import { OfflineError } from "../shared/api";
import { onDisk, tabletDatabase } from "./database";
import { sealSaying, unsealSaying } from "./seal";

const bound = (name: string, owner: string): string => `${name} kept by ${owner}`;

export async function remember(owner: string, key: CryptoKey, name: string, saying: unknown): Promise<void> {
  const row = { owner, name, at: new Date().toISOString(), sealed: await sealSaying(key, saying, bound(name, owner)) };
  await onDisk(["kept", "desk"], async (transaction) => {
    const atWork = await transaction.objectStore("desk").getAll();
    // An answer that comes after the sign-out is nobody's.
    if (atWork.some((desk) => desk.person.username === owner)) await transaction.objectStore("kept").put(row);
  });
}

export async function recall<Saying>(owner: string, key: CryptoKey, name: string): Promise<Saying | null> {
  const row = await (await tabletDatabase()).get("kept", [owner, name]);
  // Sealed under another key: it is asked for again, as if it had never been here.
  return row ? unsealSaying<Saying>(key, row.sealed, bound(name, owner)).catch(() => null) : null;
}

/**
 * Ask the service and keep its answer; the answer kept last where the service cannot be reached.
 *
 * @throws OfflineError when there is none
 */
export async function askOrRecall<Saying>(
  owner: string, key: CryptoKey, name: string, ask: () => Promise<Saying>,
): Promise<Saying> {
  try {
    const saying = await ask();
    await remember(owner, key, name, saying);
    return saying;
  } catch (error) {
    if (!(error instanceof OfflineError)) throw error;
    const kept = await recall<Saying>(owner, key, name);
    if (kept === null) throw error;
    return kept;
  }
}

/** The person has signed out: nothing of the study stays to be read. What waits for the service stays. */
export async function forget(owner: string): Promise<void> {
  await onDisk(["kept"], async (transaction) => {
    const keys = await transaction.objectStore("kept").getAllKeys();
    await Promise.all(keys.filter(([of]) => of === owner).map((key) => transaction.objectStore("kept").delete(key)));
  });
}

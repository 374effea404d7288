/** A nurse begins, interrupts and ends work on this device: keys, what is kept for reading, who is here. */

import { OfflineError, tabletApi } from "../shared/api";
import type { Me, Role } from "../shared/wire";
import { atWork, clearDesk, lockDesk } from "./desk";
import { forget } from "./kept";
import { dropKeys, findKey, holdKey, takeKey } from "./keyring";
import { dropWrapped, unwrapByPin, wrapByPin } from "./pin_key";
import { askToPersist } from "./space";
import { dropOldReceipts, sealLeftovers } from "./vault";

/** Whose work is photographs, and whose device therefore keeps some. */
export const photographs = (role: Role): boolean => role === "site_staff";

/** Browsers seal and digest on https and on this machine only. */
export const canSeal = (): boolean => typeof crypto !== "undefined" && crypto.subtle !== undefined;

async function keyOf(person: Me, pin: string | null): Promise<CryptoKey> {
  try {
    const given = await tabletApi.vaultKey();
    if (pin !== null) await wrapByPin(person.username, pin, given);
    return await takeKey(person.username, given);
  } catch (error) {
    const found = error instanceof OfflineError ? await findKey(person.username) : null;
    if (!found) throw error;
    return found;
  }
}

/** Somebody who takes no photographs: whoever was at work before is no longer. */
async function endForOthers(): Promise<void> {
  try {
    await dropKeys();
    await clearDesk();
  } catch {
    // A browser without a store has kept nothing.
  }
}

/** @param pin that the service has just accepted: it opens the vault again without the network */
export async function beginShift(person: Me, pin: string | null): Promise<CryptoKey | null> {
  if (!canSeal()) return null;
  if (!photographs(person.role)) {
    await endForOthers();
    return null;
  }
  const key = await keyOf(person, pin);
  await atWork(person);
  await sealLeftovers(person.username, key);
  await dropOldReceipts(Date.now());
  void askToPersist();
  return key;
}

/** The PIN without the network: the key again, or how many tries are left. */
export async function resumeShift(person: Me, pin: string): Promise<CryptoKey | { tries_left: number }> {
  const found = await unwrapByPin(person.username, pin);
  if (!("key" in found)) return found;
  await atWork(person);
  return holdKey(person.username, found.key);
}

/** @param told whether the service knows that the session is over */
export async function interruptShift(told: boolean): Promise<void> {
  await dropKeys();
  await lockDesk(told);
}

/** Signed out: no key, nothing of the study; what waits for the service stays, sealed. */
export async function endShift(owner: string): Promise<void> {
  await dropKeys();
  await dropWrapped(owner);
  await clearDesk();
  await forget(owner); // after the desk: nothing is kept any more for whoever is not at work
}

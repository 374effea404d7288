/** Who is at work on this tablet, kept so that a reload without network, or a lock, finds them again. */

import type { Me } from "../shared/wire";
import { onDisk, tabletDatabase, type Desk } from "./database";

const NAME = "desk";

export async function whoIsHere(): Promise<Desk | null> {
  return (await (await tabletDatabase()).get("desk", NAME)) ?? null;
}

async function put(desk: Desk): Promise<void> {
  await onDisk(["desk"], (transaction) => transaction.objectStore("desk").put(desk));
}

export const atWork = (person: Me): Promise<void> => put({ name: NAME, person, locked: false, told: true });

/** @param told whether the service knows of the lock: a lock without network is told later */
export async function lockDesk(told: boolean): Promise<void> {
  await onDisk(["desk"], async (transaction) => {
    const here = await transaction.objectStore("desk").get(NAME);
    if (here) await transaction.objectStore("desk").put({ ...here, locked: true, told });
  });
}

export async function clearDesk(): Promise<void> {
  await onDisk(["desk"], (transaction) => transaction.objectStore("desk").delete(NAME));
}

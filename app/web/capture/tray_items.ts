/** What this person sees of each photograph: how far it has come, and what the service says of it. */

import { signal } from "@preact/signals";
import { api } from "../shared/api";
import { pollWait_ms, watch } from "../shared/watch";
import type { Capture } from "../shared/wire";
import { hasReceipt, type WaitingPhoto } from "../tablet/vault";
import type { TabletCriterion } from "./live/verdict";

export type Step = "sending" | "waiting" | "measuring" | "done" | "rejected";

export interface TrayItem {
  id: string;
  ulcer_id: string;
  visit_code: string;
  step: Step;
  /** 0 to 1 of the bytes. */
  sent: number;
  error: unknown;
  capture: Capture | null;
  /** What the tablet itself says of it; null until it has looked, or where it cannot. */
  own: TabletCriterion[] | null;
}

export const tray = signal<TrayItem[]>([]);

const followed = new Map<string, () => void>();

export function change(id: string, patch: Partial<TrayItem>): void {
  tray.value = tray.value.map((item) => (item.id === id ? { ...item, ...patch } : item));
}

export function show(photo: WaitingPhoto): void {
  const { id, ulcer_id, visit_code } = photo;
  const item: TrayItem = { id, ulcer_id, visit_code, step: "waiting", sent: 0, error: null, capture: null, own: null };
  tray.value = [item, ...tray.value.filter((other) => other.id !== id)];
}

function isFinal(capture: Capture): boolean {
  return capture.state === "measured" || capture.state === "refused" || capture.state === "failed";
}

/** Ask for the capture's state, quickly at first, until it is final. */
export function follow(id: string): void {
  followed.get(id)?.();
  const end = watch(async () => {
    try {
      const capture = await api.capture(id);
      change(id, { capture, ...(isFinal(capture) ? { step: "done" as const } : {}) });
      return isFinal(capture) ? "done" : "again";
    } catch (error) {
      change(id, { error });
      return "again";
    }
  }, pollWait_ms);
  followed.set(id, end);
}

/** After a reload: a photograph that has been sent already, for its verdict. */
export async function lookAgain(id: string, ulcer_id: string, visit_code: string): Promise<void> {
  if (tray.value.some((item) => item.id === id) || !(await hasReceipt(id))) return;
  const item: TrayItem = { id, ulcer_id, visit_code, step: "measuring", sent: 1, error: null, capture: null, own: [] };
  tray.value = [item, ...tray.value];
  follow(id);
}

/** Nobody looks any longer. */
export function clear(): void {
  for (const end of followed.values()) end();
  followed.clear();
  tray.value = [];
}

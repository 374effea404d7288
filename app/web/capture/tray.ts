/** The photographs of this visit to the page: on their way, measured, or to be taken again. */

import { signal } from "@preact/signals";
import { api } from "../shared/api";
import { pollWait_ms, sleepOrOnline, watch } from "../shared/watch";
import type { Capture } from "../shared/wire";
import { newCaptureId, sha256 } from "./identity";
import { persist, put } from "./upload";
import { keep, release, waitingOf, type WaitingPhoto } from "./vault";

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
}

export const tray = signal<TrayItem[]>([]);
let owner: string | null = null;

function change(id: string, patch: Partial<TrayItem>): void {
  tray.value = tray.value.map((item) => (item.id === id ? { ...item, ...patch } : item));
}

function isFinal(capture: Capture): boolean {
  return capture.state === "measured" || capture.state === "refused" || capture.state === "failed";
}

/** Ask for the capture's state, quickly at first, until it is final. */
function follow(id: string, person: string): void {
  watch(async () => {
    if (owner !== person) return "done";
    try {
      const capture = await api.capture(id);
      change(id, { capture, ...(isFinal(capture) ? { step: "done" as const } : {}) });
      return isFinal(capture) ? "done" : "again";
    } catch (error) {
      change(id, { error });
      return "again";
    }
  }, pollWait_ms);
}

async function send(photo: WaitingPhoto): Promise<void> {
  try {
    await persist(photo, {
      send: put,
      sleep: sleepOrOnline,
      onProgress: (sent) => change(photo.id, { sent, step: "sending" }),
      onWait: (error) => change(photo.id, { error, step: "waiting", sent: 0 }),
      given_up: () => owner !== photo.owner,
    });
    await release(photo.id);
    change(photo.id, { step: "measuring", sent: 1, error: null });
    follow(photo.id, photo.owner);
  } catch (error) {
    change(photo.id, { error, step: "rejected" });
  }
}

function show(photo: WaitingPhoto): void {
  const item: TrayItem = {
    id: photo.id, ulcer_id: photo.ulcer_id, visit_code: photo.visit_code,
    step: "sending", sent: 0, error: null, capture: null,
  };
  tray.value = [item, ...tray.value];
}

/** On the disk first, then on its way. */
export async function add(file: File, ulcer_id: string, visit_code: string, person: string): Promise<void> {
  const bytes = await file.arrayBuffer();
  const photo: WaitingPhoto = {
    id: newCaptureId(),
    owner: person,
    ulcer_id,
    visit_code,
    type: file.type || "application/octet-stream",
    bytes,
    sha256: await sha256(bytes),
    added_at: new Date().toISOString(),
  };
  await keep(photo);
  show(photo);
  void send(photo);
}

/** Take up what this person left waiting; another person's photographs stay where they are. */
export async function resume(person: string): Promise<void> {
  if (owner === person) return;
  owner = person;
  tray.value = [];
  for (const photo of await waitingOf(person)) {
    show(photo);
    void send(photo);
  }
}

/** The person has left: uploads end after the attempt under way, photographs stay in the vault. */
export function pause(): void {
  owner = null;
  tray.value = [];
}

/** The nurse has read why the service does not take this file. */
export async function discard(id: string): Promise<void> {
  await release(id);
  tray.value = tray.value.filter((item) => item.id !== id);
}

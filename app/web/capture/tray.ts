/** This person's photographs and notes on this tablet: kept, sent, and removed once the service has them. */

import { signal } from "@preact/signals";
import { api } from "../shared/api";
import type { VisitNote } from "../shared/wire";
import { heldKey } from "../tablet/keyring";
import { discardNote, keepNote, settleNote, waitingNotesOf, type WaitingNote } from "../tablet/notes";
import {
  bytesOf, countWaiting, discard as discardPhoto, hasReceipt, keep, settle, waitingOf, type Optics, type WaitingPhoto,
} from "../tablet/vault";
import { newCaptureId, sha256 } from "./identity";
import { laidBare } from "./laid_bare";
import { ElsewhereError, SendQueue } from "./send_queue";
import { change, clear, follow, show, tray } from "./tray_items";
import { put } from "./upload";

/** Photographs and notes on this tablet that the service does not have yet: this person's, and others'. */
export const waiting = signal({ mine: 0, notes: 0, others: 0 });

/** Notes that the service refuses for good: a person has to look. */
export const refusedNotes = signal<{ note: VisitNote; id: string; error: unknown }[]>([]);

let owner: string | null = null;
let queue: SendQueue | null = null;
const photos = new Map<string, WaitingPhoto>();
const notes = new Map<string, WaitingNote>();

export async function recount(): Promise<void> {
  if (owner === null) return;
  const { mine, others } = await countWaiting(owner);
  waiting.value = { mine, notes: notes.size, others };
}

/** Only one tab of this tablet sends it; a tab that comes later finds its receipt. */
async function alone(id: string, work: () => Promise<void>): Promise<void> {
  await navigator.locks.request(`planimeter ${id}`, { ifAvailable: true }, async (lock) => {
    if (!lock) throw new ElsewhereError();
    if (!(await hasReceipt(id))) await work();
  });
}

/** Milliseconds to rest before the next, where the service was asked. */
async function shipPhoto(photo: WaitingPhoto, key: CryptoKey): Promise<number | undefined> {
  let rest_ms: number | undefined;
  await alone(photo.id, async () => {
    const bytes = await bytesOf(photo.id, photo.owner, key);
    if (!bytes) return; // removed in another tab
    change(photo.id, { step: "sending", sent: 0 });
    const received = await put(photo, bytes, (sent) => change(photo.id, { sent, step: "sending" }));
    await settle(photo, received.receipt);
    rest_ms = received.rest_ms;
  });
  photos.delete(photo.id);
  change(photo.id, { step: "measuring", sent: 1, error: null });
  follow(photo.id);
  return rest_ms;
}

async function shipNote(note: WaitingNote): Promise<void> {
  await alone(note.id, async () => {
    await api.sendNote(note.id, note.note);
    await settleNote(note);
  });
  notes.delete(note.id);
}

async function ship(id: string): Promise<number | undefined> {
  const [photo, note, key] = [photos.get(id), notes.get(id), owner && heldKey(owner)];
  if (note) await shipNote(note);
  const rest_ms = !note && photo && key ? await shipPhoto(photo, key) : undefined;
  await recount();
  return rest_ms;
}

function keyOf(person: string): CryptoKey {
  const key = heldKey(person);
  if (!key || owner !== person) throw new Error("nobody is at work");
  return key;
}

/** A photograph with what its header told of the lens. */
export interface Picture {
  photo: Blob;
  optics: Optics | null;
}

/** The last one taken stays in memory while it is looked at: it may have left the tablet by then. */
let latest: (Picture & { id: string }) | null = null;

/** A photograph of this person's as it was taken; null once neither memory nor vault has it. */
export async function pictureOf(id: string): Promise<Picture | null> {
  if (latest?.id === id) return latest;
  const [about, key] = [photos.get(id), owner && heldKey(owner)];
  const bytes = about && key ? await bytesOf(id, about.owner, key) : null;
  return about && bytes ? { photo: new Blob([bytes], { type: about.type }), optics: about.optics } : null;
}

/** On the disk first, then on its way. */
export async function add(file: File, ulcer_id: string, visit_code: string, person: string): Promise<string> {
  const key = keyOf(person);
  const { bytes, optics } = laidBare(file, await file.arrayBuffer());
  const photo: WaitingPhoto = {
    id: newCaptureId(),
    owner: person,
    ulcer_id,
    visit_code,
    type: file.type,
    sha256: await sha256(bytes),
    optics,
    added_at: new Date().toISOString(),
  };
  await keep(photo, bytes, key);
  latest = { id: photo.id, photo: new Blob([bytes], { type: photo.type }), optics };
  photos.set(photo.id, photo);
  show(photo);
  await recount();
  queue?.add(photo.id);
  return photo.id;
}

export async function addNote(note: VisitNote, person: string): Promise<void> {
  const waitingNote = { id: newCaptureId(), owner: person, added_at: new Date().toISOString(), note };
  await keepNote(waitingNote, keyOf(person));
  notes.set(waitingNote.id, waitingNote);
  await recount();
  queue?.add(waitingNote.id);
}

/** Take up what waits: of this tab's past, and of tabs that were closed. */
async function takeUp(person: string): Promise<void> {
  const key = heldKey(person);
  if (!key) return;
  const [keptNotes, keptPhotos] = await Promise.all([waitingNotesOf(person, key), waitingOf(person, key)]);
  if (owner !== person) return;
  const looked = new Set(refusedNotes.value.map(({ id }) => id));
  for (const note of keptNotes.filter(({ id }) => !looked.has(id))) {
    notes.set(note.id, note);
    queue?.add(note.id);
  }
  const shown = new Set(tray.value.filter((item) => item.step !== "waiting").map((item) => item.id));
  for (const photo of keptPhotos.filter(({ id }) => !shown.has(id))) {
    photos.set(photo.id, photo);
    if (!queue?.has(photo.id)) show(photo);
    queue?.add(photo.id);
  }
  await recount();
}

function refused(id: string, error: unknown): void {
  const note = notes.get(id)?.note;
  if (note) refusedNotes.value = [...refusedNotes.value, { id, note, error }];
  else change(id, { error, step: "rejected" });
}

/** This person is at work: what they left is sent; another person's photographs stay where they are. */
export async function resume(person: string): Promise<void> {
  if (owner === person) return;
  pause();
  owner = person;
  queue = new SendQueue({
    ship,
    postponed: (id, error) => change(id, { error, step: "waiting", sent: 0 }),
    refused,
  });
  await takeUp(person);
}

/** The network is back, or the page is in front again. */
export async function wake(): Promise<void> {
  if (owner === null) return;
  await takeUp(owner);
  queue?.wake();
}

/** The person has left: nothing more is sent, photographs stay in the vault. */
export function pause(): void {
  queue?.stop();
  owner = null;
  queue = null;
  latest = null;
  photos.clear();
  notes.clear();
  clear();
  refusedNotes.value = [];
  waiting.value = { mine: 0, notes: 0, others: 0 };
}

/** Ask the service again for what it refused. */
export function sendAgain(id: string): void {
  change(id, { step: "waiting", error: null });
  queue?.add(id);
}

/** The nurse has read why the service does not take this file. */
export async function discard(id: string): Promise<void> {
  queue?.drop(id);
  photos.delete(id);
  await discardPhoto(id);
  tray.value = tray.value.filter((item) => item.id !== id);
  await recount();
}

export async function removeNote(id: string): Promise<void> {
  notes.delete(id);
  await discardNote(id);
  refusedNotes.value = refusedNotes.value.filter((one) => one.id !== id);
  await recount();
}

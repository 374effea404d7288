/** Where the nurse is in a visit; kept sealed on the tablet, so that a reload or a lock loses nothing. */

import { computed, signal } from "@preact/signals";
import { navigate, path } from "../shared/router";
import { visitUnderWay } from "../shared/pages_update";
import type { Complication, Drainage, OutOfWindow, Place } from "../shared/wire";
import { heldKey } from "../tablet/keyring";
import { recall, remember } from "../tablet/kept";

export const STEPS = ["subjects", "hands", "new", "visit", "photo"] as const;
export type StepName = (typeof STEPS)[number];

export interface Answers {
  pain: number | null;
  dressing_removed: boolean | null;
  drainage: Drainage | null;
  infection_signs: boolean | null;
  complication: Complication | null;
}

export const NO_ANSWERS: Answers = {
  pain: null, dressing_removed: null, drainage: null, infection_signs: null, complication: null,
};

export interface Flow {
  step: StepName;
  subject_id: string | null;
  ulcer_id: string | null;
  visit_code: string | null;
  /** Where a new ulcer is being registered. */
  place: Place | null;
  reason: OutOfWindow | null;
  answers: Answers;
  /** What the last note of this visit said: the same is not said twice. */
  noted: string | null;
  /** The photograph that is looked at. */
  photo_id: string | null;
  /** The visit that has just been done, to be told on the hand map. */
  done: { ulcer: string; visit_code: string } | null;
}

const START: Flow = {
  step: "subjects", subject_id: null, ulcer_id: null, visit_code: null, place: null, reason: null,
  answers: NO_ANSWERS, noted: null, photo_id: null, done: null,
};

const NAME = "flow";

export const flow = signal<Flow>(START);
/** Whose flow it is; null until it has been found again. */
const owner = signal<string | null>(null);
export const flowOf = computed(() => owner.value);

flow.subscribe(({ step }) => {
  visitUnderWay.value = step === "visit" || step === "photo" || step === "new";
});

export const addressOf = (step: StepName): string => (step === "subjects" ? "/capture" : `/capture/${step}`);

/** What a step needs to be shown; otherwise the one before it is. */
export function reachable({ step, subject_id, ulcer_id, visit_code, place }: Flow): StepName {
  if (step === "subjects" || subject_id === null) return "subjects";
  if (step === "new") return place ? "new" : "hands";
  if (step === "hands" || ulcer_id === null) return "hands";
  return step === "photo" && visit_code === null ? "visit" : step;
}

export function stepOf(address: string): StepName {
  const named = address.split("/")[2] ?? "";
  return STEPS.find((step) => step === named) ?? "subjects";
}

export function change(patch: Partial<Flow>): void {
  flow.value = { ...flow.value, ...patch };
  const person = owner.value;
  const key = person && heldKey(person);
  if (person && key) void remember(person, key, NAME, flow.value);
}

export function go(step: StepName, patch: Partial<Flow> = {}): void {
  change({ ...patch, step });
  navigate(addressOf(reachable(flow.value)));
}

/** Find this person's flow again; another person's is sealed under another key. */
export async function resumeFlow(person: string): Promise<void> {
  if (owner.value === person) return;
  flow.value = START;
  const key = heldKey(person);
  const kept = key ? await recall<Flow>(person, key, NAME) : null;
  flow.value = { ...START, ...kept };
  // Before anybody follows the address: the entrance would begin anew.
  if (path.value === addressOf("subjects")) navigate(addressOf(reachable(flow.value)), "replace");
  owner.value = person;
}

export function forgetFlow(): void {
  owner.value = null;
  flow.value = START;
}

export function chooseSubject(subject_id: string): void {
  go("hands", { ...START, subject_id });
}

export function chooseUlcer(ulcer_id: string, visit_code: string | null): void {
  go("visit", { ulcer_id, visit_code, place: null, reason: null, answers: NO_ANSWERS, noted: null, photo_id: null, done: null });
}

export function choosePlace(place: Place): void {
  go("new", { place, done: null });
}

const BEFORE: Record<StepName, StepName> = { subjects: "subjects", hands: "subjects", new: "hands", visit: "hands", photo: "visit" };

export function goBack(): void {
  go(BEFORE[flow.value.step], flow.value.step === "photo" ? { photo_id: null } : {});
}

/** Who is signed in, and which study is open. */

import { computed, signal } from "@preact/signals";
import { clearDesk, whoIsHere } from "../tablet/desk";
import { askHere, here } from "../tablet/here";
import { forgetTouch, leftAlone } from "../tablet/idle";
import { askOrRecall } from "../tablet/kept";
import { dropKeys } from "../tablet/keyring";
import { canUnwrap } from "../tablet/pin_key";
import { beginShift, canSeal, endShift, interruptShift, photographs, resumeShift } from "../tablet/shift";
import { ApiError, OfflineError, api, atSignedOut, tabletApi } from "./api";
import { forgetPictures } from "./pictures";
import { navigate, path } from "./router";
import type { DemoAccount, Me, Role, Study } from "./wire";

export type Entry = "loading" | "signed_out" | "signed_in" | "locked" | "unreachable";

export const me = signal<Me | null>(null);
export const entry = signal<Entry>("loading");
export const study = signal<Study | null>(null);

/** Who was at work when the page was locked. */
export const lockedFor = signal<Me | null>(null);

/** Name of the OpenID provider that one may sign in by; null where there is none. */
export const provider = signal<string | null>(null);

/** Where a tablet is enrolled: nobody is signed in there. */
export const ENROL_PAGE = "/tablet";

const HOME: Record<Role, string> = {
  data_manager: "/study",
  site_staff: "/capture",
  reader: "/reading",
  adjudicator: "/reading",
  pipeline: "/",
};

export const home = computed(() => (me.value ? HOME[me.value.role] : "/sign-in"));
const READS_BLIND: Role[] = ["reader", "adjudicator"];

/** A reader's page asks for no study: its title and visits are not part of what a reader may know. */
async function studyOf(person: Me, key: CryptoKey | null): Promise<Study | null> {
  if (READS_BLIND.includes(person.role)) return null;
  const studies = key ? await askOrRecall(person.username, key, "studies", api.studies) : await api.studies();
  return studies[0] ?? null;
}

async function show(person: Me, key: CryptoKey | null): Promise<void> {
  study.value = await studyOf(person, key);
  me.value = person;
  lockedFor.value = null;
  entry.value = "signed_in";
}

async function enter(person: Me, pin: string | null = null): Promise<void> {
  const key = await beginShift(person, pin);
  if (photographs(person.role)) void askHere();
  await show(person, key);
}

function clear(): void {
  me.value = null;
  study.value = null;
  forgetPictures();
}

export function leave(): void {
  clear();
  lockedFor.value = null;
  entry.value = "signed_out";
}

/** The session has run out or was revoked; on an enrolled tablet a PIN opens the next one. */
async function sessionOver(): Promise<void> {
  const person = me.value;
  const byPin = person !== null && here.value !== null && canSeal() && (await canUnwrap(person.username));
  if (byPin) {
    await interruptShift(true);
    showLock(person);
  } else {
    leave();
    if (person && photographs(person.role) && canSeal()) await dropKeys().then(clearDesk);
  }
}

atSignedOut(() => {
  if (entry.value === "signed_in") void sessionOver();
});

/** A demo that has just been started installs its study first. */
const DEMO_WAIT_MS = 500;

/** The accounts that a demo tells to those who are not signed in; null where it is no demo. */
function demoAccounts(error: ApiError): DemoAccount[] | null {
  return (error.details["demo_accounts"] as DemoAccount[] | undefined) ?? null;
}

/** The demo's first page is the data manager's; elsewhere, and on a tablet, one signs in. */
async function enterUnasked(refusal: ApiError): Promise<void> {
  provider.value = (refusal.details["provider"] as string | undefined) ?? null;
  const demo = demoAccounts(refusal);
  if (demo) await askHere();
  const accounts = here.value || path.value === ENROL_PAGE ? null : demo;
  const manager = accounts?.find((account) => account.role === "data_manager");
  if (manager) await enter(await api.demoSession(manager.username));
  else if (accounts) setTimeout(() => void open(), DEMO_WAIT_MS);
  else leave();
}

/** Signed out without network: the service is told at the next opening. */
const LEFT_UNTOLD = "planimeter.left";

async function tellLeft(): Promise<void> {
  if (!localStorage.getItem(LEFT_UNTOLD)) return;
  try {
    await api.signOut();
  } catch (error) {
    if (error instanceof OfflineError) throw error; // any other answer: the session is over
  }
  localStorage.removeItem(LEFT_UNTOLD);
}

function showLock(person: Me): void {
  clear();
  lockedFor.value = person;
  entry.value = "locked";
}

/** Without network the person who was at work goes on; nobody else gets in. */
async function openOffline(person: Me | null): Promise<void> {
  if (!person) throw new OfflineError("nobody was at work here");
  await show(person, await beginShift(person, null));
}

/** The session is over: whoever was at work comes back by PIN where one is set, else one signs in. */
async function comeBack(person: Me | null, refusal: ApiError): Promise<void> {
  if (person && here.value && (await canUnwrap(person.username))) {
    await interruptShift(true);
    showLock(person);
  } else {
    if (person) await dropKeys().then(clearDesk);
    await enterUnasked(refusal);
  }
}

export async function open(): Promise<void> {
  try {
    const desk = canSeal() ? await whoIsHere() : null;
    if (desk?.locked) return showLock(desk.person);
    if (desk && here.value && leftAlone(Date.now())) return await lock(desk.person);
    await tellLeft();
    await api.me().then(enter, (error: unknown) => {
      if (error instanceof ApiError && error.status === 401) return comeBack(desk?.person ?? null, error);
      if (error instanceof OfflineError) return openOffline(desk?.person ?? null);
      throw error;
    });
  } catch {
    entry.value = localStorage.getItem(LEFT_UNTOLD) ? "signed_out" : "unreachable";
  }
}

/** Whether this person may look at areas and pictures: the protocol decides for the sites. */
export const seesAreas = computed(() => me.value?.role !== "site_staff" || study.value?.site_staff_see_areas === true);

export async function signIn(username: string, password: string, code: string | null): Promise<void> {
  await enter(await api.signIn(username, password, code));
  navigate(home.value);
}

export async function signOut(): Promise<void> {
  const person = me.value;
  try {
    await api.signOut();
  } catch (error) {
    if (!(error instanceof OfflineError)) throw error;
    localStorage.setItem(LEFT_UNTOLD, "1");
  }
  try {
    // Before anybody is told that it is done: a page closed now must not keep what a sign-out clears.
    if (person && photographs(person.role) && canSeal()) await endShift(person.username);
  } finally {
    leave();
  }
  navigate("/sign-in");
}

async function tellLock(): Promise<boolean> {
  try {
    await tabletApi.lock();
    return true;
  } catch (error) {
    return !(error instanceof OfflineError); // refused: there is no session to end
  }
}

/** Close the page for everybody until a PIN or a password; what is under way stays for the same person. */
export async function lock(person: Me | null = me.value): Promise<void> {
  if (!person) return;
  forgetTouch();
  showLock(person);
  await interruptShift(false);
  if (await tellLock()) await interruptShift(true);
}

export type Unlocked = { tries_left: number } | null;

/** @returns null once unlocked; how many tries are left without network */
export async function unlock(username: string, pin: string): Promise<Unlocked> {
  const desk = await whoIsHere();
  if (desk?.locked && !desk.told && (await tellLock())) await interruptShift(true);
  try {
    await enter(await tabletApi.byPin(username, pin), pin);
  } catch (error) {
    if (!(error instanceof OfflineError) || desk?.person.username !== username) throw error;
    const found = await resumeShift(desk.person, pin);
    if ("tries_left" in found) return found;
    await show(desk.person, found);
  }
  navigate(home.value);
  return null;
}

/** The lock screen's way to the password: another person, or a shift that is over. */
export async function signInInstead(): Promise<void> {
  const desk = await whoIsHere();
  if (desk && !desk.told && !(await tellLock())) localStorage.setItem(LEFT_UNTOLD, "1");
  await clearDesk();
  leave();
}

/** The demo's role switch: another account, another session, nothing kept of the one before. */
export async function become(username: string): Promise<void> {
  const person = await api.demoSession(username);
  leave();
  await enter(person);
  navigate(home.value);
}

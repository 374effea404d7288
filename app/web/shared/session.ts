/** Who is signed in, and which study is open. */

import { computed, signal } from "@preact/signals";
import { ApiError, api, atSignedOut } from "./api";
import { forgetPictures } from "./pictures";
import { navigate } from "./router";
import type { DemoAccount, Me, Role, Study } from "./wire";

export type Entry = "loading" | "signed_out" | "signed_in" | "unreachable";

export const me = signal<Me | null>(null);
export const entry = signal<Entry>("loading");
export const study = signal<Study | null>(null);

/** Name of the OpenID provider that one may sign in by; null where there is none. */
export const provider = signal<string | null>(null);

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
async function enter(person: Me): Promise<void> {
  study.value = READS_BLIND.includes(person.role) ? null : ((await api.studies())[0] ?? null);
  me.value = person;
  entry.value = "signed_in";
}

export function leave(): void {
  me.value = null;
  study.value = null;
  forgetPictures();
  entry.value = "signed_out";
}

atSignedOut(() => {
  if (entry.value === "signed_in") leave();
});

/** A demo that has just been started installs its study first. */
const DEMO_WAIT_MS = 500;

/** The accounts that a demo tells to those who are not signed in; null where it is no demo. */
function demoAccounts(error: ApiError): DemoAccount[] | null {
  return (error.details["demo_accounts"] as DemoAccount[] | undefined) ?? null;
}

/** The demo's first page is the data manager's; elsewhere one signs in. */
async function enterUnasked(refusal: ApiError): Promise<void> {
  provider.value = (refusal.details["provider"] as string | undefined) ?? null;
  const accounts = demoAccounts(refusal);
  const manager = accounts?.find((account) => account.role === "data_manager");
  if (manager) await enter(await api.demoSession(manager.username));
  else if (accounts) setTimeout(() => void open(), DEMO_WAIT_MS);
  else leave();
}

export async function open(): Promise<void> {
  try {
    await api.me().then(enter, (error: unknown) => {
      if (error instanceof ApiError && error.status === 401) return enterUnasked(error);
      throw error;
    });
  } catch {
    entry.value = "unreachable";
  }
}

/** Whether this person may look at areas and pictures: the protocol decides for the sites. */
export const seesAreas = computed(() => me.value?.role !== "site_staff" || study.value?.site_staff_see_areas === true);

export async function signIn(username: string, password: string, code: string | null): Promise<void> {
  await enter(await api.signIn(username, password, code));
  navigate(home.value);
}

export async function signOut(): Promise<void> {
  await api.signOut();
  leave();
  navigate("/sign-in");
}

/** The demo's role switch: another account, another session, nothing kept of the one before. */
export async function become(username: string): Promise<void> {
  const person = await api.demoSession(username);
  leave();
  await enter(person);
  navigate(home.value);
}

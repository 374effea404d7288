/** The enrolled tablet that the page runs on; null on any other device. */

import { signal } from "@preact/signals";
import { ApiError, OfflineError, tabletApi } from "../shared/api";
import type { TabletHere } from "../shared/wire";

const STORED_AS = "planimeter.tablet";

function stored(): TabletHere | null {
  if (typeof localStorage === "undefined") return null;
  const text = localStorage.getItem(STORED_AS);
  // The people are the service's to tell: who left yesterday is not listed from memory.
  return text ? { ...(JSON.parse(text) as Pick<TabletHere, "name" | "site_code">), people: [] } : null;
}

export const here = signal<TabletHere | null>(stored());

export function keepHere(tablet: TabletHere | null): void {
  here.value = tablet;
  if (!tablet) localStorage.removeItem(STORED_AS);
  else localStorage.setItem(STORED_AS, JSON.stringify({ name: tablet.name, site_code: tablet.site_code }));
}

/** Ask the service; without network what it said last stands. */
export async function askHere(): Promise<void> {
  try {
    keepHere(await tabletApi.here());
  } catch (error) {
    if (error instanceof ApiError && error.code === "tablet_not_enrolled") keepHere(null);
    else if (!(error instanceof OfflineError || error instanceof ApiError)) throw error;
  }
}

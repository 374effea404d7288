/** The sites' tablets as the service sends them, and how they stand. */

export interface Tablet {
  id: string;
  site_code: string;
  name: string;
  code_expires_at: string | null;
  enrolled_at: string | null;
  last_seen_at: string | null;
  revoked_at: string | null;
}

/** A tablet with the code that enrols it, which the service tells once. */
export interface NewTablet extends Tablet {
  enrolment_code: string;
}

export type TabletState = "waiting" | "expired" | "enrolled" | "revoked";

export function stateOf(tablet: Tablet, now: Date): TabletState {
  if (tablet.revoked_at !== null) return "revoked";
  if (tablet.enrolled_at !== null) return "enrolled";
  const good = tablet.code_expires_at !== null && now < new Date(tablet.code_expires_at);
  return good ? "waiting" : "expired";
}

/** Those still in use first, by name; revoked ones below, the last to go first. */
export function inOrder(tablets: readonly Tablet[]): Tablet[] {
  return [...tablets].sort(
    (a, b) =>
      Number(a.revoked_at !== null) - Number(b.revoked_at !== null) ||
      (b.revoked_at ?? "").localeCompare(a.revoked_at ?? "") ||
      a.name.localeCompare(b.name, undefined, { numeric: true }),
  );
}

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;

/** How exactly the service knows when a tablet was seen. */
const SEEN_GRAIN_MINUTES = 15;

/** How long ago, in the largest unit that says it; null for as good as now. */
export function ago(moment: string, now: Date): { value: number; unit: "minute" | "hour" | "day" } | null {
  const minutes = Math.floor((now.getTime() - new Date(moment).getTime()) / MINUTE_MS);
  if (minutes < SEEN_GRAIN_MINUTES) return null;
  if (minutes < HOUR_MINUTES) return { value: -minutes, unit: "minute" };
  if (minutes < 2 * DAY_MINUTES) return { value: -Math.floor(minutes / HOUR_MINUTES), unit: "hour" };
  return { value: -Math.floor(minutes / DAY_MINUTES), unit: "day" };
}

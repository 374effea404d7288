/** Visit windows against today: what is due now, what comes, what has passed. */

import type { Subject, Timepoint, Ulcer } from "../shared/wire";
import type { Step, TrayItem } from "./tray_items";

export type Standing = "photographed" | "now" | "early" | "late";

/** The tablet's own day, YYYY-MM-DD: a window is a span of the site's days. */
export function dayOf(moment: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

const HOUR_MINUTES = 60;

/** By the tablet's clock and zone: 2026-01-05T23:30:00+01:00 is another day than 22:30 UTC would be an hour later. */
export function zonedTime(moment: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const ahead = -moment.getTimezoneOffset();
  const zone = `${ahead < 0 ? "-" : "+"}${two(Math.floor(Math.abs(ahead) / HOUR_MINUTES))}:${two(Math.abs(ahead) % HOUR_MINUTES)}`;
  return `${dayOf(moment)}T${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}${zone}`;
}

/** Whether today lies in the window, its first and last day included. */
export function isInside(point: Timepoint, today: string): boolean {
  return point.window_from <= today && today <= point.window_to;
}

/** A refused or failed photograph does not make a visit: it is to be taken again. */
export function isPhotographed(point: Timepoint): boolean {
  return point.state === "measured" || point.state === "received" || point.state === "measuring";
}

export function standing(point: Timepoint, today: string): Standing {
  if (isPhotographed(point)) return "photographed";
  if (isInside(point, today)) return "now";
  return today < point.window_from ? "early" : "late";
}

/** The visit to take now: the one due, else one whose window holds today though it is photographed; null outside all. */
export function visitNow(ulcer: Ulcer, today: string): Timepoint | null {
  const inside = ulcer.timepoints.filter((point) => isInside(point, today));
  return inside.find((point) => !isPhotographed(point)) ?? inside[0] ?? null;
}

type OnTablet = Pick<TrayItem, "ulcer_id" | "visit_code" | "step" | "own">;

/** Whether a photograph of this visit is at one of these steps, and the tablet has nothing against it. */
function isAt(steps: readonly Step[], ulcer_id: string, visit_code: string, items: readonly OnTablet[]): boolean {
  return items.some(
    (item) =>
      item.ulcer_id === ulcer_id &&
      item.visit_code === visit_code &&
      steps.includes(item.step) &&
      !item.own?.some((criterion) => !criterion.passed),
  );
}

/** Whether a photograph of this visit lies on this tablet and is not sent yet. */
export function waitsHere(ulcer_id: string, visit_code: string, items: readonly OnTablet[]): boolean {
  return isAt(["waiting", "sending"], ulcer_id, visit_code, items);
}

/** What the service has not told yet: a visit just photographed would stay due, without network for hours. */
export function withTaken(ulcers: readonly Ulcer[], items: readonly OnTablet[]): Ulcer[] {
  const taken = (ulcer: Ulcer, { visit_code }: Timepoint) => isAt(["waiting", "sending", "measuring"], ulcer.id, visit_code, items);
  const known = (ulcer: Ulcer, point: Timepoint): Timepoint =>
    !isPhotographed(point) && taken(ulcer, point) ? { ...point, state: "received" } : point;
  return ulcers.map((ulcer) => ({ ...ulcer, timepoints: ulcer.timepoints.map((point) => known(ulcer, point)) }));
}

export interface Agenda {
  subject: Subject;
  ulcers: Ulcer[];
  /** The due visit whose window closes first. */
  due: Timepoint | null;
  /** The visit that comes next, where none is due. */
  next: Timepoint | null;
}

function first(points: Timepoint[], by: (point: Timepoint) => string): Timepoint | null {
  return points.reduce<Timepoint | null>((best, point) => (best === null || by(point) < by(best) ? point : best), null);
}

function agendaOf(subject: Subject, ulcers: Ulcer[], today: string): Agenda {
  // An ulcer outside the trial may be photographed, but is never due.
  const points = ulcers.filter((ulcer) => ulcer.eligible).flatMap((ulcer) => ulcer.timepoints);
  const due = first(points.filter((point) => standing(point, today) === "now"), (point) => point.window_to);
  const next = due ? null : first(points.filter((point) => standing(point, today) === "early"), (point) => point.window_from);
  return { subject, ulcers, due, next };
}

/** Subjects with something due now first, the window that closes soonest before all; then by code. */
export function agenda(subjects: readonly Subject[], ulcers: readonly Ulcer[], today: string): Agenda[] {
  const mine = (subject: Subject) =>
    ulcers.filter((ulcer) => ulcer.subject_code === subject.subject_code && ulcer.site_code === subject.site_code);
  const byUrgency = (a: Agenda, b: Agenda): number => {
    const [left, right] = [a.due?.window_to ?? "9999", b.due?.window_to ?? "9999"];
    return left === right ? a.subject.subject_code.localeCompare(b.subject.subject_code) : left < right ? -1 : 1;
  };
  return subjects.map((subject) => agendaOf(subject, mine(subject), today)).sort(byUrgency);
}

/** Whether a typed piece of a code means this subject: case, spaces and dashes do not count. */
export function means(typed: string, code: string): boolean {
  const bare = (text: string) => text.toLowerCase().replaceAll(/[\s_.-]/g, "");
  return bare(code).includes(bare(typed));
}

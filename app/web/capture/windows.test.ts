import { describe, expect, it } from "vitest";
import type { CaptureState, Subject, Timepoint, Ulcer } from "../shared/wire";
import type { Step } from "./tray_items";
import { agenda, dayOf, means, standing, visitNow, waitsHere, withTaken, zonedTime } from "./windows";

const point = (visit_code: string, window_from: string, window_to: string, state: CaptureState | null = null): Timepoint => ({
  visit_code, due_on: window_from, window_from, window_to, state, capture_id: state && "c",
});
const ulcer = (subject_code: string, ...timepoints: Timepoint[]) =>
  ({ id: subject_code, subject_code, site_code: "LYO", code: "U1", eligible: true, timepoints }) as unknown as Ulcer;
const subject = (subject_code: string): Subject => ({
  id: subject_code, study_id: "s", site_code: "LYO", subject_code, baseline_on: "2026-01-05",
});

describe("a visit's window", () => {
  it.each([
    ["2026-01-01", "early"], ["2026-01-02", "now"], ["2026-01-08", "now"], ["2026-01-09", "late"],
  ] as const)("on %s is %s: its first and last day belong to it", (today, wanted) => {
    expect(standing(point("w0", "2026-01-02", "2026-01-08"), today)).toBe(wanted);
  });

  it.each([
    ["measured", "photographed"], ["received", "photographed"], ["refused", "now"], ["failed", "now"],
  ] as const)("with a %s photograph stands as %s", (state, wanted) => {
    expect(standing(point("w0", "2026-01-02", "2026-01-08", state), "2026-01-05")).toBe(wanted);
  });
});

describe("the visit that is chosen beforehand", () => {
  const w0 = point("w0", "2026-01-02", "2026-01-08", "measured");
  const w2 = point("w2", "2026-01-16", "2026-01-22");

  it("is the one due now", () => {
    expect(visitNow(ulcer("a", w0, w2), "2026-01-16")).toBe(w2);
  });

  it("is the photographed one while its window is open: a second photo belongs to it", () => {
    expect(visitNow(ulcer("a", w0, w2), "2026-01-03")).toBe(w0);
  });

  it("is the unphotographed one where two windows overlap", () => {
    expect(visitNow(ulcer("a", w0, point("w1", "2026-01-07", "2026-01-09")), "2026-01-08")?.visit_code).toBe("w1");
  });

  it("is none outside every window", () => {
    expect(visitNow(ulcer("a", w0, w2), "2026-01-12")).toBeNull();
  });
});

describe("a visit that was photographed on this tablet", () => {
  const [w0, w2] = [point("w0", "2026-01-02", "2026-01-08"), point("w2", "2026-01-16", "2026-01-22")];
  const item = (step: Step, passed = true) => ({
    ulcer_id: "a", visit_code: "w0", step, own: [{ code: "blur_mm" as const, value: 0.1, limit: 0.15, passed }],
  });
  const stands = (...items: ReturnType<typeof item>[]) =>
    withTaken([ulcer("a", w0, w2), ulcer("b", w0)], items).map((one) => one.timepoints.map((at) => standing(at, "2026-01-05")));
  const DUE = [["now", "early"], ["now"]];

  it.each(["waiting", "sending", "measuring"] as const)("is due no more while its photograph is %s", (step) => {
    expect(stands(item(step))).toEqual([["photographed", "early"], ["now"]]);
  });

  it("stays due where the photograph is to be taken again", () => {
    expect(stands()).toEqual(DUE);
    expect(stands(item("rejected"))).toEqual(DUE);
    expect(stands(item("waiting", false))).toEqual(DUE);
    expect(stands(item("waiting", false), item("waiting"))).not.toEqual(DUE);
  });

  it("is said to wait here until it has been sent", () => {
    expect(waitsHere("a", "w0", [item("waiting")])).toBe(true);
    expect(waitsHere("a", "w2", [item("waiting")])).toBe(false);
    expect(waitsHere("a", "w0", [item("measuring")])).toBe(false);
  });
});

describe("the order of subjects", () => {
  it("is what closes soonest, then what is due, then the code", () => {
    const subjects = ["C", "A", "D", "B"].map(subject);
    const ulcers = [
      ulcer("B", point("w2", "2026-01-04", "2026-01-09")),
      ulcer("D", point("w0", "2026-01-02", "2026-01-06")),
      ulcer("A", point("w8", "2026-03-01", "2026-03-09")),
    ];
    const found = agenda(subjects, ulcers, "2026-01-05");
    expect(found.map((one) => one.subject.subject_code)).toEqual(["D", "B", "A", "C"]);
    expect(found.map((one) => one.due?.visit_code ?? null)).toEqual(["w0", "w2", null, null]);
    expect(found.map((one) => one.next?.visit_code ?? null)).toEqual([null, null, "w8", null]);
  });

  it("does not count what may not enter the trial", () => {
    const outside = { ...ulcer("A", point("w0", "2026-01-02", "2026-01-06")), eligible: false } as Ulcer;
    expect(agenda([subject("A")], [outside], "2026-01-05")[0]!.due).toBeNull();
  });

  it("keeps subjects of two sites apart", () => {
    const other = { ...ulcer("A", point("w0", "2026-01-02", "2026-01-06")), site_code: "LIL" } as Ulcer;
    expect(agenda([subject("A")], [other], "2026-01-05")[0]!.ulcers).toEqual([]);
  });
});

it("finds a code however it is typed", () => {
  expect(["lyo 001", "LYO-001", "001", "lyo001"].every((typed) => means(typed, "LYO-001"))).toBe(true);
  expect(means("002", "LYO-001")).toBe(false);
});

it("tells the tablet's own day and zone, not Greenwich's", () => {
  const moment = new Date(2026, 0, 5, 23, 30, 7);
  expect(dayOf(moment)).toBe("2026-01-05");
  expect(zonedTime(moment)).toMatch(/^2026-01-05T23:30:07[+-]\d\d:\d\d$/);
  expect(new Date(zonedTime(moment)).getTime()).toBe(moment.getTime());
});

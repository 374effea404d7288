import { expect, it } from "vitest";
import type { SeriesItem, Ulcer, Visit } from "../shared/wire";
import { byDay, courseOf, highest_mm2, isOpen, lastMeasured, progressOf, stretches } from "./series";

const visit = (week: number): Visit => ({
  code: `W${week}`, label_fr: `S${week}`, label_en: `W${week}`, day: 7 * week,
  window_before_days: 3, window_after_days: 3,
});
const VISITS = [0, 2, 4, 8].map(visit);

const item = (visit_code: string, capture_id: string, area_mm2: number | null, day: number): SeriesItem => ({
  ulcer_id: "u", visit_code, day, capture_id, state: area_mm2 === null ? "refused" : "measured", area_mm2,
  u_area_mm2: area_mm2 === null ? null : 0.5, epithelialisation_percent: null, epithelialisation_method: null,
  verdict: null, percent_area_reduction: null,
});

const ulcer: Ulcer = {
  id: "u", subject_code: "S", site_code: "A", code: "U1", hand: "left", digit: "index", phalanx: "distal",
  surface: "palmar", side: "central", pose: "flat", eligible: true, ineligible_because: [],
  timepoints: [
    { visit_code: "W0", due_on: "2025-01-01", window_from: "2025-01-01", window_to: "2025-01-01", capture_id: "a", state: "measured" },
    { visit_code: "W2", due_on: "2025-01-15", window_from: "2025-01-15", window_to: "2025-01-15", capture_id: "c", state: "measured" },
    { visit_code: "W4", due_on: "2025-01-29", window_from: "2025-01-29", window_to: "2025-01-29", capture_id: "d", state: "refused" },
    { visit_code: "W8", due_on: "2025-02-26", window_from: "2025-02-26", window_to: "2025-02-26", capture_id: null, state: null },
  ],
};

// Week 2 was photographed twice, and another ulcer's row lies between.
const items = [
  item("W0", "a", 12, 0), item("W2", "b", 30, 13), { ...item("W2", "x", 99, 13), ulcer_id: "other" },
  item("W2", "c", 10, 15), item("W4", "d", null, 29),
];
const course = courseOf(ulcer, [...VISITS].reverse(), items);

it("gives every visit of the protocol, in order, with the capture that counts", () => {
  expect(course.map((p) => [p.visit.code, p.day, p.capture_id, p.area_mm2, p.state])).toEqual([
    ["W0", 0, "a", 12, "measured"],
    ["W2", 15, "c", 10, "measured"],
    ["W4", 29, "d", null, "refused"],
    ["W8", 56, null, null, null],
  ]);
});

it("knows the last measurement and the top of the highest bar", () => {
  expect(lastMeasured(course)?.visit.code).toBe("W2");
  expect(highest_mm2(course)).toBeCloseTo(12 + 1.96 * 0.5, 9);
  expect(highest_mm2([])).toBe(0);
});

it("does not call an area of zero open", () => {
  expect(isOpen({ ...course[0]!, area_mm2: 0 })).toBe(false);
  expect(isOpen(course[0]!)).toBe(true);
});

it("breaks the line where a visit gave no value", () => {
  const later = { ...course[3]!, area_mm2: 4 };
  const lines = stretches([...course.slice(0, 3), later], (p) => p.area_mm2);
  expect(lines.map((l) => [l.from.visit.code, l.to.visit.code, l.unbroken])).toEqual([
    ["W0", "W2", true],
    ["W2", "W8", false],
  ]);
});

it("counts what is done and what is under way, and leaves out visits without a photograph", () => {
  expect(progressOf(["measured", "refused", "failed", "received", "measuring", null])).toEqual({
    total: 5, measured: 1, refused: 1, failed: 1, under_way: 2,
  });
});

it("runs as time went where a visit was photographed after the next one", () => {
  const late = courseOf(ulcer, VISITS, [item("W0", "a", 12, 0), item("W2", "c", 10, 40), item("W4", "d", 9, 29)]);
  expect(late.map((p) => p.visit.code)).toEqual(["W0", "W2", "W4", "W8"]);
  expect(byDay(late).map((p) => p.visit.code)).toEqual(["W0", "W4", "W2", "W8"]);
});

import { expect, test } from "vitest";
import type { SiteDrift } from "../shared/cards_wire";
import { language } from "../shared/language";
import { driftCsv, driftDomain, signalled, signed } from "./drift";

const DRIFT: SiteDrift = {
  site_code: "LIL",
  site_name: "Lille",
  centre_percent: 0.1,
  lower_percent: -0.65,
  upper_percent: 0.85,
  points: [
    { shot_id: "a", taken_at: "2026-01-05T08:00:00Z", deviation_percent: 0.1, signals: [] },
    { shot_id: "b", taken_at: "2026-01-12T08:00:00Z", deviation_percent: 4.1, signals: ["beyond_limits", "far_off"] },
    { shot_id: "c", taken_at: "2026-01-19T08:00:00Z", deviation_percent: 1.1, signals: ["beyond_limits"] },
  ],
  refused: 1,
  next_due_on: "2026-01-26",
};

test("the axis holds every shot, the limits and the true area", () => {
  expect(driftDomain(DRIFT)).toEqual([-1, 4.1]);
  expect(driftDomain({ ...DRIFT, points: [], lower_percent: -2 })).toEqual([-2, 1]);
});

test("a deviation says its side, and what rounds to nought has none", () => {
  language.value = "en";
  expect([0.123, -0.05, 0.001, -0.004].map(signed)).toEqual(["+0.12", "−0.05", "0.00", "0.00"]);
  language.value = "fr";
  expect(signed(4.1)).toBe("+4,10");
});

test("the newest signal stands first", () => {
  expect(signalled(DRIFT).map((point) => point.shot_id)).toEqual(["c", "b"]);
});

test("the file has a row for each shot, numbers with a point", () => {
  const [head, first, second] = driftCsv(DRIFT).split("\r\n");
  expect(head).toContain("deviation_percent");
  expect(first).toBe("LIL,2026-01-05T08:00:00Z,0.1,0.1,-0.65,0.85,");
  expect(second).toBe("LIL,2026-01-12T08:00:00Z,4.1,0.1,-0.65,0.85,beyond_limits far_off");
});

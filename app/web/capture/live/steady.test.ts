import { expect, it } from "vitest";
import { foremost, type TabletCode, type TabletCriterion } from "./gate";
import { AT_FIRST, FRAMES_TO_SHOW, steadied, type Steady } from "./steady";

function failing(...codes: TabletCode[]): TabletCriterion[] {
  return codes.map((code) => ({ code, value: 1, limit: 0, passed: false }));
}

const GOOD: TabletCriterion[] = [{ code: "tilt_deg", value: 5, limit: 30, passed: true }];

function after(...frames: TabletCriterion[][]): Steady {
  return frames.reduce(steadied, AT_FIRST);
}

it("names first what stands in the way of all else", () => {
  expect(foremost(failing("blur_mm", "tilt_deg", "scale_px_per_mm"))?.code).toBe("scale_px_per_mm");
  expect(foremost([...GOOD, ...failing("glare_percent")])?.code).toBe("glare_percent");
  expect(foremost(GOOD)).toBeNull();
});

it("shows the first finding at once", () => {
  expect(after(GOOD).told).toBe("good");
  expect(after(failing("no_card")).told).toBe("no_card");
});

it("does not flicker when single frames disagree", () => {
  const flickering = Array.from({ length: 12 }, (_, i) => (i % 2 ? failing("tilt_deg") : GOOD));
  expect(after(GOOD, ...flickering).told).toBe("good");
  const changing = [failing("tilt_deg"), failing("blur_mm"), failing("tilt_deg"), failing("blur_mm")];
  expect(after(GOOD, ...changing).told).toBe("good");
});

it("follows what holds", () => {
  const held = Array.from({ length: FRAMES_TO_SHOW }, () => failing("tilt_deg"));
  expect(after(GOOD, ...held.slice(1)).told).toBe("good");
  expect(after(GOOD, ...held).told).toBe("tilt_deg");
  expect(after(GOOD, ...held, GOOD, GOOD, GOOD).told).toBe("good");
});

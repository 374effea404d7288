/** The gate's limits and sentences as the service sends them, and the criteria that a tablet can judge. */

/** The service's limits by name (`maximum_tilt_deg` …); those that need its network are not looked at here. */
export interface GateLimits {
  minimum_markers: number;
  maximum_tilt_deg: number;
  minimum_scale_px_per_mm: number;
  maximum_blur_mm: number;
  maximum_clipped_percent: number;
  maximum_dark_percent: number;
  minimum_even_light_percent: number;
  maximum_glare_percent: number;
  minimum_tip_distance_mm: number;
}

/** What a nurse is told, by criterion code. */
export type GateSentences = Readonly<Record<string, { fr: string; en: string }>>;

export type TabletCode =
  | "no_card"
  | "two_cards"
  | "too_few_markers"
  | "tilt_deg"
  | "scale_px_per_mm"
  | "blur_mm"
  | "even_light_percent"
  | "digit_not_found"
  | "tip_not_found"
  | "pose_mismatch"
  | "tip_distance_mm"
  | "clipped_percent"
  | "dark_percent"
  | "glare_percent";

/** One criterion as judged on the tablet: the service's code, value and limit in the unit that the code names. */
export interface TabletCriterion {
  code: TabletCode;
  value: number | null;
  limit: number | null;
  passed: boolean;
}

export function atMost(code: TabletCode, value: number | null, limit: number): TabletCriterion {
  return { code, value, limit, passed: value === null || value <= limit };
}

export function atLeast(code: TabletCode, value: number | null, limit: number): TabletCriterion {
  return { code, value, limit, passed: value === null || value >= limit };
}

export function refusal(code: TabletCode, value: number | null = null, limit: number | null = null): TabletCriterion {
  return { code, value, limit, passed: false };
}

/** What to mend first: without the card nothing else counts, and light is judged last, for it follows the pose. */
const IMPORTANCE: readonly TabletCode[] = [
  "no_card",
  "two_cards",
  "too_few_markers",
  "pose_mismatch",
  "scale_px_per_mm",
  "tip_distance_mm",
  "tilt_deg",
  "digit_not_found",
  "tip_not_found",
  "dark_percent",
  "clipped_percent",
  "even_light_percent",
  "glare_percent",
  "blur_mm",
];

/** The failing criterion that a nurse is told first; null when all are met. */
export function foremost(criteria: readonly TabletCriterion[]): TabletCriterion | null {
  const failing = criteria.filter((c) => !c.passed);
  return failing.sort((a, b) => IMPORTANCE.indexOf(a.code) - IMPORTANCE.indexOf(b.code))[0] ?? null;
}

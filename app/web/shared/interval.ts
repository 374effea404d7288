/** Intervals of a measured value. */

/** Half width of a 95 % interval in standard uncertainties (normal distribution). */
export const COVERAGE_95 = 1.96;

/** Ends of an interval; an area is never negative. */
export function interval(value: number, standard_uncertainty: number, coverage = COVERAGE_95): [number, number] {
  const half = coverage * standard_uncertainty;
  return [Math.max(0, value - half), value + half];
}

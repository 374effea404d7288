/** The arithmetic of the agreement charts: what an axis holds, and where it is marked. Pure functions of numbers. */

import type { Estimate, Limits } from "./agreement_wire";
import { roundStep } from "./scale";

export type Domain = readonly [number, number];

/** Ratios that are marked on a logarithmic axis, as many as fit. */
const RATIO_TICKS = [0.1, 0.2, 0.5, 0.8, 1, 1.25, 2, 5, 10];
const COARSE_RATIO_TICKS = [0.001, 0.01, 0.1, 1, 10, 100, 1000];
/** Room above and below the outermost mark, as a share of what the axis holds. */
const ROOM = 0.04;

/** Round ticks that hold both ends of a domain. */
export function ticksBetween([low, high]: Domain, count = 5): number[] {
  const step = roundStep(high - low, count);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** All that is known of estimates: values and ends of intervals. */
export function extent(estimates: readonly Estimate[]): number[] {
  return estimates.flatMap((e) => [e.value, e.low, e.high]).filter((v): v is number => v !== null);
}

/** From 0, or from the lowest end, to 1, or to the highest. */
export function coefficientDomain(estimates: readonly Estimate[]): Domain {
  const ends = extent(estimates);
  return [Math.min(0, ...ends), Math.max(1, ...ends)];
}

/** A smaller axis would make much of little. */
const LEAST_SHARE = 0.2;

/** From 0 to the highest end: shares, none of which reaches 1 as a rule. */
export function shareDomain(values: readonly (number | null)[]): Domain {
  return [0, Math.max(LEAST_SHARE, ...values.filter((v): v is number => v !== null))];
}

/** What the vertical axis of a Bland–Altman plot holds; `even` is where two readers agree: 0, or the ratio 1. */
export function limitsDomain(limits: Limits, even: number): Domain {
  const marks = limits.marks.map((mark) => mark.apart);
  const all = [even, ...marks, ...extent([limits.bias, limits.lower, limits.upper])];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  if (even === 1) {
    const room = Math.max(0.02, ROOM * Math.log(high / low));
    return [low * Math.exp(-room), high * Math.exp(room)];
  }
  const room = ROOM * (high - low || 1);
  return [low - room, high + room];
}

/** Ratios to mark between two ends. */
export function ratioTicks([low, high]: Domain): number[] {
  const fine = RATIO_TICKS.filter((tick) => tick >= low && tick <= high);
  const span = high / low;
  if (span <= 100 && fine.length > 1) return fine;
  if (span > 100) return COARSE_RATIO_TICKS.filter((tick) => tick >= low && tick <= high);
  return ticksBetween([low, high], 3).filter((tick) => tick > 0 && tick >= low && tick <= high);
}

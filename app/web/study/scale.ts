/** The arithmetic of the charts: axes, bars, weeks. Pure functions of numbers. */

export const DAYS_PER_WEEK = 7;

export type Scale = (value: number) => number;

/** Linear map of `domain` on `range`; the range may run downwards, as screens do. */
export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const span = domain[1] - domain[0];
  const slope = span === 0 ? 0 : (range[1] - range[0]) / span;
  return (value) => range[0] + (value - domain[0]) * slope;
}

const ROUND_STEPS = [1, 2, 2.5, 5, 10];

/** The smallest round step (1, 2, 2.5 or 5 times a power of ten) that needs at most `count` of them to `max`. */
export function roundStep(max: number, count: number): number {
  if (!(max > 0)) return 1;
  const rough = max / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = ROUND_STEPS.find((step) => step * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Ticks from 0 to the first round value at or above `max`. */
export function ticksTo(max: number, count = 5): number[] {
  const step = roundStep(max, count);
  const steps = Math.max(1, Math.ceil(max / step - 1e-9));
  return Array.from({ length: steps + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

/** Decimals that tell neighbouring ticks apart. */
export function tickDigits(ticks: readonly number[]): number {
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  if (Number.isInteger(step)) return 0;
  return Number.isInteger(Number((step * 10).toPrecision(12))) ? 1 : 2;
}

export function weeks(day: number): number {
  return day / DAYS_PER_WEEK;
}

/** The arithmetic of the drift chart, and its numbers as a file. Pure functions. */

import type { DriftPoint, SiteDrift } from "../shared/cards_wire";
import { number } from "../shared/language";
import { csv } from "./agreement_csv";
import type { Domain } from "./agreement_scales";

/** The axis reaches this far both ways at least: a smaller one would make much of little. */
const LEAST_PERCENT = 1;
/** Digits of a deviation: a shot scatters by some tenths of a per cent. */
const DIGITS = 2;

/** What the vertical axis holds: the true area, the limits, every shot. */
export function driftDomain(drift: SiteDrift): Domain {
  const all = [
    -LEAST_PERCENT,
    LEAST_PERCENT,
    ...drift.points.map((point) => point.deviation_percent),
    ...[drift.lower_percent, drift.upper_percent].filter((limit): limit is number => limit !== null),
  ];
  return [Math.min(...all), Math.max(...all)];
}

/** "+0.12", "−0.05", "0.00": a deviation always says its side. */
export function signed(percent: number): string {
  const text = number(Math.abs(percent), DIGITS);
  if (Number(percent.toFixed(DIGITS)) === 0) return text;
  return `${percent > 0 ? "+" : "−"}${text}`;
}

/** Shots that the chart signals, the newest first. */
export function signalled(drift: SiteDrift): DriftPoint[] {
  return drift.points.filter((point) => point.signals.length > 0).reverse();
}

export function driftCsv(drift: SiteDrift): string {
  const limits = [drift.centre_percent, drift.lower_percent, drift.upper_percent];
  const rows = drift.points.map((point) => [
    drift.site_code, point.taken_at, point.deviation_percent, ...limits, point.signals.join(" "),
  ]);
  const head = ["site", "taken_at", "deviation_percent", "centre_percent", "lower_percent", "upper_percent", "signals"];
  return csv([head, ...rows]);
}

/** An estimate in words: value, interval, or why there is none. */

import { number, t, word } from "../shared/language";
import type { Estimate } from "./agreement_wire";

export function interval95(e: Estimate, digits: number): string | null {
  if (e.low === null || e.high === null) return null;
  return t("agreement.interval", { low: number(e.low, digits), high: number(e.high, digits) });
}

/** "0.29 (0.05 to 0.53)", or the value with the reason why it has no interval, or the reason alone. */
export function told(e: Estimate, digits = 2): string {
  const reason = word("agreement_note", e.note);
  if (e.value === null) return reason;
  return `${number(e.value, digits)} (${interval95(e, digits) ?? reason})`;
}

export function readerName(label: string): string {
  return t("agreement.reader", { n: label });
}

export function pairName([first, second]: readonly [string, string]): string {
  return t("agreement.pair", { first, second });
}

/** The capture gate: every criterion with its value and limit; what failed, in a nurse's words. */

import { Icon } from "./icons";
import { brief, ours, t, word } from "./language";
import type { Capture, Criterion } from "./wire";

/** Criteria that must reach their limit; the others must stay below it. */
const AT_LEAST = [
  "too_few_markers",
  "scale_px_per_mm",
  "even_light_percent",
  "tip_inside_mm",
  "digit_on_card_mm",
  "ulcer_margin_percent",
  "tip_distance_mm",
];

const UNIT_BY_ENDING: [string, string][] = [
  ["_px_per_mm", "px/mm"],
  ["_percent", "%"],
  ["_deg", "°"],
  ["_mm", "mm"],
];

export function unitOf(code: string): string {
  return UNIT_BY_ENDING.find(([ending]) => code.endsWith(ending))?.[1] ?? "";
}

function withUnit(value: number, code: string): string {
  const unit = unitOf(code);
  return unit === "°" ? `${brief(value)}°` : `${brief(value)} ${unit}`.trim();
}

function limitOf({ code, limit }: Criterion): string {
  return `${AT_LEAST.includes(code) ? "≥" : "≤"} ${withUnit(limit ?? 0, code)}`;
}

/** Why a photograph was refused, as sentences that say how to do better. */
export function Reasons({ capture }: { capture: Capture }) {
  if (capture.state === "failed") return <p class="note bad">{t("captures.failed")}</p>;
  if (capture.state !== "refused") return null;
  const reasons = capture.quality.filter((c) => !c.passed);
  return (
    <div class="note warn">
      <Icon name="alert" />
      <div>
        <p class="note-title">{t("captures.refused")}</p>
        <ul class="reasons">
          {reasons.map((reason) => (
            <li key={reason.code}>{ours(reason)}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}

export function GateList({ quality }: { quality: Criterion[] }) {
  return (
    <ul class="gate">
      {quality.map((c) => (
        <li key={c.code} class={c.passed ? "criterion pass" : "criterion fail"}>
          <Icon name={c.passed ? "check" : "cross"} label={c.passed ? t("gate.yes") : t("gate.no")} />
          <span class="criterion-name">{word("criterion", c.code)}</span>
          <span class="criterion-figures">
            {c.value !== null && <strong class="criterion-value">{withUnit(c.value, c.code)}</strong>}
            {c.limit !== null && <span class="quiet small">{t("gate.limit", { limit: limitOf(c) })}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

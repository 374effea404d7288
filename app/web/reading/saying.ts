/** What is said of a case: begun, compared, and what is still missing before it can be signed. */

import type { Key } from "../shared/words_en";
import type { Asks, Draft, Saying } from "../shared/wire";
import { area_px2, kept } from "./rings";

export const NOTHING_SAID: Saying = {
  category: null, rings: [], reason: null, confidence: null, tissue: null, choice: null,
};

export function said(draft: Draft | null): Saying {
  if (draft === null) return NOTHING_SAID;
  const { category, rings, reason, confidence, tissue, choice } = draft;
  return { category, rings, reason, confidence, tissue, choice };
}

/** As it goes to the service: corners rounded as it keeps them, so that the answer can be compared. */
export function toSend(saying: Saying): Saying {
  if (saying.choice === "A" || saying.choice === "B")
    return { ...NOTHING_SAID, choice: saying.choice, confidence: saying.confidence };
  return { ...saying, rings: kept(saying.rings) };
}

/** Whether two sayings say the same; of an adjudicator's choice of a side, what that side says is the service's. */
export function saysSame(one: Saying, other: Saying): boolean {
  const text = (saying: Saying): string => {
    const { category, rings, reason, confidence, tissue, choice } = toSend(saying);
    return JSON.stringify([category, rings, reason, confidence, choice, tissue && [tissue.granulation, tissue.fibrin, tissue.necrosis]]);
  };
  return text(one) === text(other);
}

export const isDrawn = (saying: Saying): boolean => saying.rings.some((ring) => area_px2(ring) > 0);

export type Missing = Extract<Key, `desk.missing.${string}`>;

/** What must still be said, in the order of the page; the service's rules (app.domain.reading_rules), said before. */
export function missing(saying: Saying, asks: Asks, isJudgement: boolean): Missing[] {
  const found: Missing[] = [];
  if (isJudgement && saying.choice === null) return ["desk.missing.choice"];
  if (!isJudgement || saying.choice === "drawn") {
    if (saying.category === null) found.push("desk.missing.category");
    if (saying.category === "open" && !isDrawn(saying)) found.push("desk.missing.outline");
    if (saying.category !== null && saying.category !== "open" && isDrawn(saying))
      found.push("desk.missing.contradiction");
    if (saying.category === "not_assessable" && saying.reason === null) found.push("desk.missing.reason");
  }
  if (asks.confidence && saying.confidence === null) found.push("desk.missing.confidence");
  return found;
}

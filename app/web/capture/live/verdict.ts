/** The tablet's own verdict on a photograph, before the service's: what can be told without its network. */

import type { PoseName } from "../../shared/wire";
import { Analyst, canJudge, STILL_SEARCH_PX } from "./analyst";
import type { GateLimits, TabletCriterion } from "./gate";
import type { Optics } from "./jpeg_header";

export type { GateLimits, GateSentences, TabletCriterion } from "./gate";

/** Judge a photograph in about a second, off the page's thread.
 *
 * Empty where the browser cannot judge, or cannot open the photograph: the service then is the only judge. */
export async function judgeStill(
  photo: Blob,
  optics: Optics | null,
  gate: GateLimits,
  pose: PoseName,
): Promise<TabletCriterion[]> {
  if (!canJudge()) return [];
  const analyst = new Analyst();
  try {
    const asked = { picture: photo, optics, gate, pose, search_px: STILL_SEARCH_PX, still_px: null };
    return (await analyst.ask(asked)).criteria;
  } catch {
    return [];
  } finally {
    analyst.close();
  }
}

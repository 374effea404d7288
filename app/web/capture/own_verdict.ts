/** Has the tablet look at a photograph while it is still here. */

import type { PoseName } from "../shared/wire";
import { judgeStill, type GateLimits } from "./live/verdict";
import { pictureOf } from "./tray";
import { change } from "./tray_items";

export async function judge(id: string, gate: GateLimits, pose: PoseName): Promise<void> {
  const picture = await pictureOf(id);
  change(id, { own: picture ? await judgeStill(picture.photo, picture.optics, gate, pose) : [] });
}

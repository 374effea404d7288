/** The state of a visit's photograph as this tablet knows it. */

import { Icon } from "../shared/icons";
import { t } from "../shared/language";
import { StateTag } from "../shared/ui";
import type { Timepoint, Ulcer } from "../shared/wire";
import { tray } from "./tray_items";
import { waitsHere } from "./windows";

export function VisitTag({ ulcer, point }: { ulcer: Ulcer; point: Timepoint }) {
  if (!waitsHere(ulcer.id, point.visit_code, tray.value)) return <StateTag state={point.state} />;
  return (
    <span class="tag received">
      <Icon name="clock" />
      {t("visit.waits_here")}
    </span>
  );
}

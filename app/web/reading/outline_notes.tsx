/** What is odd about an outline before it is signed, and one touch that mends it. */

import { Icon } from "../shared/icons";
import { t } from "../shared/language";
import { outermost } from "./rings";
import { isDrawn } from "./saying";
import type { CaseDesk, CaseOnDesk } from "./use_case";

interface OutlineProps {
  desk: CaseOnDesk;
  room: CaseDesk;
}

export function OutlineNotes(props: OutlineProps) {
  const { category } = props.desk.saying;
  if (!isDrawn(props.desk.saying)) return null;
  return category === null || category === "open" ? <HoleNote {...props} /> : <EraseAll {...props} />;
}

function EraseAll({ room }: OutlineProps) {
  return (
    <button type="button" class="button small outline-note" onClick={() => room.say({ rings: [] })}>
      <Icon name="eraser" /> {t("desk.erase_all")}
    </button>
  );
}

/** Skin within an ulcer is rare; a border gone round with the brush is not, and looks much the same. */
function HoleNote({ desk, room }: OutlineProps) {
  const { rings } = desk.saying;
  const filled = outermost(rings);
  if (filled.length === rings.length) return null;
  return (
    <div class="note warn outline-note">
      <Icon name="alert" />
      <p>{t("desk.hole")}</p>
      <button type="button" class="button small" onClick={() => room.say({ rings: filled })}>
        {t("desk.hole_fill")}
      </button>
    </div>
  );
}

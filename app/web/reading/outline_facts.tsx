/** What there is to know of the outline while it is drawn: its area, that it has a hole, that it should not be. */

import { Icon } from "../shared/icons";
import { t } from "../shared/language";
import { outermost } from "./rings";
import { isDrawn } from "./saying";
import { LiveArea } from "./sign_bar";
import type { CaseDesk, CaseOnDesk } from "./use_case";

interface OutlineProps {
  desk: CaseOnDesk;
  room: CaseDesk;
}

export function OutlineFacts({ desk, room }: OutlineProps) {
  const { saying, reading, keeping } = desk;
  return (
    <div class="outline-facts">
      {reading.asks.area_shown && <LiveArea keeping={keeping} isDrawn={isDrawn(saying)} />}
      <EraseAll desk={desk} room={room} />
    </div>
  );
}

function EraseAll({ desk, room }: OutlineProps) {
  const { category } = desk.saying;
  if (!isDrawn(desk.saying) || category === null || category === "open") return null;
  return (
    <button type="button" class="button small" onClick={() => room.say({ rings: [] })}>
      <Icon name="eraser" /> {t("desk.erase_all")}
    </button>
  );
}

/** Skin within an ulcer is rare; a border gone round with the brush is not, and looks much the same. */
export function HoleNote({ desk, room }: OutlineProps) {
  const { rings } = desk.saying;
  const filled = outermost(rings);
  if (filled.length === rings.length) return null;
  return (
    <div class="note warn hole-note">
      <Icon name="alert" />
      <p>{t("desk.hole")}</p>
      <button type="button" class="button small" onClick={() => room.say({ rings: filled })}>
        {t("desk.hole_fill")}
      </button>
    </div>
  );
}

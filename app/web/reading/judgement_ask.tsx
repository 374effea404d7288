/** Which read stands: A, B, or one that the adjudicator draws, from A, from B, or from nothing. */

import { t, word } from "../shared/language";
import { Area } from "../shared/ui";
import type { Saying, Side, SideName } from "../shared/wire";
import { Choices } from "./choices";
import type { CaseDesk, CaseOnDesk } from "./use_case";

interface JudgementAskProps {
  desk: CaseOnDesk;
  room: CaseDesk;
  /** The adjudicator wants to draw. */
  drawn: () => void;
}

const SIDES: readonly SideName[] = ["A", "B"];

export function JudgementAsk({ desk, room, drawn }: JudgementAskProps) {
  const { saying, reading } = desk;
  const sides = reading.sides!;

  function startFrom(side: SideName | null): void {
    const from = side === null ? null : sides[side];
    const start: Partial<Saying> = from
      ? { rings: from.rings, category: from.category, reason: from.reason }
      : { rings: [], category: null, reason: null };
    room.say({ choice: "drawn", tissue: null, ...start });
    drawn();
  }

  function choose(choice: "A" | "B" | "drawn"): void {
    room.say({ choice });
    if (choice === "drawn") drawn();
  }

  const own = { value: "drawn" as const, shown: <strong>{t("desk.judge.own")}</strong> };
  return (
    <Choices
      asked={t("desk.judge.question")}
      name="choice"
      look="three"
      choices={[...SIDES.map((side) => ({ value: side, shown: <SideShown name={side} side={sides[side]} /> })), own]}
      chosen={saying.choice}
      choose={choose}
    >
      {saying.choice === "drawn" && (
        <div class="segmented start-from" role="group" aria-label={t("desk.judge.start")}>
          <span class="start-label">{t("desk.judge.start")}</span>
          {SIDES.map((side) => (
            <button key={side} type="button" onClick={() => startFrom(side)}>
              {side}
            </button>
          ))}
          <button type="button" onClick={() => startFrom(null)}>
            {t("desk.judge.start_none")}
          </button>
        </div>
      )}
    </Choices>
  );
}

function SideShown({ name, side }: { name: SideName; side: Side }) {
  return (
    <>
      <strong>{t("desk.judge.choose", { side: name })}</strong>
      <span class="small">{word("desk.category", side.category)}</span>
      {side.area_mm2 !== null && side.category === "open" && (
        <span class="small">
          <Area area_mm2={side.area_mm2} u_area_mm2={null} />
        </span>
      )}
    </>
  );
}

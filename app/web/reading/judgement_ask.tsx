/** Which read stands: A, B, or one that the adjudicator draws, from A, from B, or from nothing. */

import { t, word } from "../shared/language";
import { Area } from "../shared/ui";
import type { Saying, SideName } from "../shared/wire";
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

  return (
    <fieldset class="ask">
      <legend>{t("desk.judge.question")}</legend>
      <div class="choices judge-choices">
        {SIDES.map((side) => (
          <label key={side} class="choice-card">
            <input
              type="radio"
              name="choice"
              value={side}
              checked={saying.choice === side}
              onChange={() => room.say({ choice: side })}
            />
            <span>
              <strong>{t("desk.judge.choose", { side })}</strong>
              <span class="small">
                {word("desk.category", sides[side].category)}
                {sides[side].area_mm2 !== null && sides[side].category === "open" && (
                  <>
                    {" · "}
                    <Area area_mm2={sides[side].area_mm2} u_area_mm2={null} />
                  </>
                )}
              </span>
            </span>
          </label>
        ))}
        <label class="choice-card">
          <input
            type="radio"
            name="choice"
            value="drawn"
            checked={saying.choice === "drawn"}
            onChange={() => {
              room.say({ choice: "drawn" });
              drawn();
            }}
          />
          <span>
            <strong>{t("desk.judge.own")}</strong>
          </span>
        </label>
      </div>
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
    </fieldset>
  );
}

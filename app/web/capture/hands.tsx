/** Which ulcer: on the hand map and as a list; or a new one, where a finger is tapped. */

import { useState } from "preact/hooks";
import { reached } from "../shared/api";
import { Icon } from "../shared/icons";
import { t, word } from "../shared/language";
import { Modal } from "../shared/modal";
import { placeOf, visitLabel } from "../shared/places";
import type { HandSide, Study, Subject, Ulcer } from "../shared/wire";
import { choosePlace, chooseUlcer, flow, go } from "./flow";
import { HandMap, type Touched } from "./hand_map";
import { cells, sides, type Cell } from "./hand_shape";
import { VisitTag } from "./visit_tag";
import { dayOf, standing, visitNow } from "./windows";

interface HandsProps {
  study: Study;
  subject: Subject;
  ulcers: Ulcer[];
}

export function Hands({ study, subject, ulcers }: HandsProps) {
  const [touched, touch] = useState<Touched | null>(null);
  const today = dayOf(new Date());
  const own = ulcers.filter((one) => one.subject_code === subject.subject_code && one.site_code === subject.site_code);
  const isDue = (one: Ulcer) => one.eligible && one.timepoints.some((point) => standing(point, today) === "now");
  const due = new Set(own.filter(isDue).map((one) => one.id));
  return (
    <>
      <header class="page-head">
        <h1>{t("hands.title")}</h1>
        <p class="quiet">{t("hands.tap")}</p>
      </header>
      <JustDone study={study} subject={subject} more={due.size > 0} />
      <div class="hands">
        <HandMap ulcers={own} due={due} touch={touch} />
        {own.length > 0 && (
          <section class="known" aria-labelledby="known-ulcers">
            <h2 id="known-ulcers">{t("hands.known", { subject: subject.subject_code })}</h2>
            <ul>
              {own.map((ulcer) => (
                <li key={ulcer.id}>
                  <UlcerButton ulcer={ulcer} today={today} due={due.has(ulcer.id)} />
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      {touched && <Close touched={touched} close={() => touch(null)} />}
    </>
  );
}

/** What has just been photographed, and what comes next. */
function JustDone({ study, subject, more }: { study: Study; subject: Subject; more: boolean }) {
  const { done } = flow.value;
  const visit = study.visits.find((one) => one.code === done?.visit_code);
  if (!done || !visit) return null;
  return (
    <div class="note good just-done" role="status">
      <Icon name="check" />
      <p>
        <strong>{t("photo.done", { ulcer: done.ulcer, visit: visitLabel(visit) })}</strong>{" "}
        {t(more ? "photo.done_next" : "photo.done_all", { subject: subject.subject_code })}
      </p>
      <button type="button" class={more ? "button big" : "button primary big"} onClick={() => go("subjects")}>
        {t("photo.another_subject")}
      </button>
    </div>
  );
}

function UlcerButton({ ulcer, today, due }: { ulcer: Ulcer; today: string; due: boolean }) {
  const now = visitNow(ulcer, today);
  return (
    <button
      type="button"
      class={due ? "pick tile ulcer due" : "pick tile ulcer"}
      data-ulcer={ulcer.id}
      onClick={() => chooseUlcer(ulcer.id, now?.visit_code ?? null)}
    >
      <strong class="ulcer-code">{ulcer.code}</strong>
      <span class="ulcer-place">{placeOf(ulcer)}</span>
      {due ? <span class="tag received">{t("hands.due_now")}</span> : now && <VisitTag ulcer={ulcer} point={now} />}
      {!ulcer.eligible && <span class="quiet small">{t("study.not_eligible")}</span>}
    </button>
  );
}

/** One finger from near: each place a target of a glove's size. */
function Close({ touched, close }: { touched: Touched; close: () => void }) {
  const { hand, view, digit } = touched;
  const title = t("hands.close_title", { digit: word("digit", digit), view: word("hand_view", `${hand}_${view}`) });
  return (
    <Modal title={title} close={close}>
      {!reached.value && <p class="note warn">{t("enrol.needs_network")}</p>}
      <div class={`close-finger ${view}`}>
        {cells(digit, view).map((cell) => (
          <div key={cell.phalanx + cell.surface} class={`close-row ${cell.surface}`}>
            {sides(hand, view).map((side) => (
              <PlaceButton key={side} touched={touched} cell={cell} side={side} />
            ))}
          </div>
        ))}
      </div>
      <p class="close-sides quiet small" aria-hidden="true">
        {sides(hand, view).filter((side) => side !== "central").map((side) => (
          <span key={side}>{side === "radial" ? t("hands.radial") : t("hands.ulnar")}</span>
        ))}
      </p>
      <div class="modal-end">
        <button type="button" class="button big" onClick={close}>
          {t("hands.cancel")}
        </button>
      </div>
    </Modal>
  );
}

/** The middle button bears the place's name; its neighbours are told by the sides below. */
function PlaceButton({ touched, cell, side }: { touched: Touched; cell: Cell; side: HandSide }) {
  const { hand, digit } = touched;
  const name = [word("surface", cell.surface), word("phalanx", cell.phalanx)].join(", ");
  const spoken = side === "central" ? name : `${name}, ${word("side", side)}`;
  return (
    <button
      type="button"
      disabled={!reached.value}
      aria-label={spoken}
      onClick={() => choosePlace({ hand, digit, ...cell, side })}
    >
      {side === "central" && <span>{word("surface", cell.surface)}</span>}
      {side === "central" && <span class="small">{word("phalanx", cell.phalanx)}</span>}
    </button>
  );
}

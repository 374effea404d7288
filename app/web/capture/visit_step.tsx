/** Which visit: windows shown, the one due now chosen beforehand, a reason asked outside; and the protocol's questions. */

import { useEffect, useRef, useState } from "preact/hooks";
import { day, number, t } from "../shared/language";
import { visitLabel } from "../shared/places";
import { Icon } from "../shared/icons";
import { ErrorNote } from "../shared/ui";
import type { OutOfWindow, Study, Timepoint, Ulcer, Visit, VisitNote } from "../shared/wire";
import { LEAST_FREE_MB, freeMb } from "../tablet/space";
import { Choices } from "./choices";
import { change, flow, go } from "./flow";
import { Questions } from "./questions";
import { addNote } from "./tray";
import { VisitTag } from "./visit_tag";
import { dayOf, isInside, standing, zonedTime } from "./windows";

const REASONS: readonly OutOfWindow[] = ["patient_unavailable", "illness", "travel", "site_closed", "other"];

interface VisitProps {
  study: Study;
  ulcer: Ulcer;
  person: string;
}

/** Megabytes free; null until known, and where the browser does not tell. */
function useFreeMb(): number | null {
  const [free, setFree] = useState<number | null>(null);
  useEffect(() => void freeMb().then(setFree), []);
  return free;
}

export function VisitStep({ study, ulcer, person }: VisitProps) {
  const free = useFreeMb();
  const today = dayOf(new Date());
  const point = ulcer.timepoints.find((one) => one.visit_code === flow.value.visit_code) ?? null;
  const outside = point !== null && !isInside(point, today);
  if (free !== null && free < LEAST_FREE_MB) return <NoSpace free={free} />;
  return (
    <div class="visit-step">
      <section class="card" aria-labelledby="which-visit">
        <h1 id="which-visit">{t("visit.title")}</h1>
        <div class="visits" role="group" aria-labelledby="which-visit">
          {study.visits.map((visit) => (
            <VisitButton
              key={visit.code}
              visit={visit}
              ulcer={ulcer}
              point={ulcer.timepoints.find((one) => one.visit_code === visit.code) ?? null}
              today={today}
            />
          ))}
        </div>
        {outside && <Why key={point.visit_code} />}
      </section>
      {study.visit_questions.length > 0 && (
        <section class="card" aria-labelledby="visit-questions">
          <h2 id="visit-questions">{t("visit.questions")}</h2>
          <p class="quiet small">{t("visit.optional")}</p>
          <Questions asked={study.visit_questions} answers={flow.value.answers} change={(answers) => change({ answers })} />
        </section>
      )}
      <GoOn ulcer={ulcer} point={point} outside={outside} person={person} />
    </div>
  );
}

/** Asked as soon as a visit outside its window is chosen, and brought into sight: the answer is needed to go on. */
function Why() {
  const asked = useRef<HTMLDivElement>(null);
  useEffect(() => asked.current?.scrollIntoView({ block: "nearest" }), []);
  return (
    <div ref={asked} class="why">
      <Choices
        legend={t("visit.why")}
        values={REASONS.map((reason) => ({ value: reason, text: t(`visit.why.${reason}`) }))}
        chosen={flow.value.reason}
        choose={(reason) => change({ reason })}
      />
    </div>
  );
}

function NoSpace({ free }: { free: number }) {
  return (
    <p class="note bad" role="alert">
      {t("visit.no_space", { free: number(free, 0), least: LEAST_FREE_MB })}
    </p>
  );
}

interface ButtonProps {
  visit: Visit;
  ulcer: Ulcer;
  point: Timepoint | null;
  today: string;
}

function VisitButton({ visit, ulcer, point, today }: ButtonProps) {
  const chosen = flow.value.visit_code === visit.code;
  const stands = point ? standing(point, today) : null;
  return (
    <button
      type="button"
      class={`pick tile visit ${stands ?? ""}`}
      aria-pressed={chosen}
      data-visit={visit.code}
      onClick={() => change({ visit_code: visit.code, reason: null })}
    >
      <strong>{visitLabel(visit)}</strong>
      {point && <span class="small">{t("visit.window", { from: day(point.window_from), to: day(point.window_to) })}</span>}
      {point?.state ? <VisitTag ulcer={ulcer} point={point} /> : null}
      {stands && stands !== "photographed" && <span class={`standing ${stands}`}>{t(`visit.${stands}`)}</span>}
    </button>
  );
}

function noteOf(ulcer: Ulcer, visit_code: string): Omit<VisitNote, "taken_at"> {
  return { ulcer_id: ulcer.id, visit_code, out_of_window_reason: flow.value.reason, ...flow.value.answers };
}

function saysSomething({ out_of_window_reason }: Omit<VisitNote, "taken_at">): boolean {
  return out_of_window_reason !== null || Object.values(flow.value.answers).some((answer) => answer !== null);
}

interface GoOnProps {
  ulcer: Ulcer;
  point: Timepoint | null;
  outside: boolean;
  person: string;
}

/** The note is on the tablet before the photograph is taken; what was said already is not said again. */
function GoOn({ ulcer, point, outside, person }: GoOnProps) {
  const [error, setError] = useState<unknown>(null);
  const missing = !point ? "visit.choose_first" : outside && !flow.value.reason ? "visit.reason_first" : null;

  async function goOn(): Promise<void> {
    if (!point) return;
    const note = noteOf(ulcer, point.visit_code);
    const said = JSON.stringify(note);
    try {
      if (saysSomething(note) && said !== flow.value.noted) {
        await addNote({ ...note, taken_at: zonedTime(new Date()) }, person);
      }
      go("photo", { noted: said, photo_id: null });
    } catch (caught) {
      setError(caught);
    }
  }

  return (
    <div class="step-end">
      {error ? <ErrorNote error={error} /> : null}
      <button type="button" class="button primary big" disabled={missing !== null} onClick={() => void goOn()}>
        <Icon name="camera" />
        {t("visit.go_photo")}
      </button>
      {missing && <p class="quiet">{t(missing)}</p>}
    </div>
  );
}

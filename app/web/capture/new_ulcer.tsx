/** A new ulcer: the trial's questions, and at once whether it may enter the trial. */

import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { ours, t } from "../shared/language";
import { placeOf } from "../shared/places";
import { ErrorNote } from "../shared/ui";
import type { Eligibility, Place, Subject, Ulcer } from "../shared/wire";
import { Choices } from "./choices";
import { chooseUlcer, go } from "./flow";
import { dayOf, visitNow } from "./windows";

const QUESTIONS = ["ischaemic", "distal_to_pip", "over_calcification", "over_bone_relief", "infected"] as const;
type Question = (typeof QUESTIONS)[number];

/** The trial's own span of standard care; the buttons change it by a week. */
const USUAL_WEEKS = 10;
const MOST_WEEKS = 520;

interface FormProps {
  subject: Subject;
  place: Place;
  registered: () => void;
}

export function NewUlcerForm({ subject, place, registered }: FormProps) {
  const [answers, setAnswers] = useState<Partial<Record<Question, boolean>>>({});
  const [weeks, setWeeks] = useState(USUAL_WEEKS);
  const [onset, setOnset] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [made, setMade] = useState<Ulcer | null>(null);
  const complete = QUESTIONS.every((question) => answers[question] !== undefined);

  async function register(): Promise<void> {
    setBusy(true);
    setError(null);
    const eligibility = { ...answers, weeks_of_standard_care: weeks } as Eligibility;
    try {
      setMade(await api.drawUlcer(subject.id, { ...place, onset_on: onset || null, eligibility }));
      registered();
    } catch (caught) {
      setError(caught);
    }
    setBusy(false);
  }

  if (made) return <Registered ulcer={made} />;
  return (
    <section class="card new-ulcer">
      <h1>{t("ulcer.title")}</h1>
      <p>
        <span class="quiet">{t("ulcer.place")}</span> <strong>{placeOf(place)}</strong>
      </p>
      <div class="questions">
        {QUESTIONS.map((question) => (
          <Choices
            key={question}
            class="yes-no"
            legend={t(`ulcer.ask.${question}`)}
            values={[{ value: true, text: t("ulcer.yes") }, { value: false, text: t("ulcer.no") }]}
            chosen={answers[question] ?? null}
            choose={(value) => value !== null && setAnswers({ ...answers, [question]: value })}
          />
        ))}
        <Weeks weeks={weeks} change={setWeeks} />
        <label class="field">
          <span>{t("ulcer.onset")}</span>
          <input type="date" max={dayOf(new Date())} value={onset} onInput={(e) => setOnset(e.currentTarget.value)} />
        </label>
      </div>
      {error ? <ErrorNote error={error} /> : null}
      <div class="step-end">
        <button type="button" class="button primary big" disabled={!complete || busy} onClick={() => void register()}>
          {t("ulcer.save")}
        </button>
        {!complete && <p class="quiet">{t("ulcer.answer_all")}</p>}
      </div>
    </section>
  );
}

function Weeks({ weeks, change }: { weeks: number; change: (weeks: number) => void }) {
  const to = (wanted: number) => change(Math.max(0, Math.min(MOST_WEEKS, wanted)));
  return (
    <fieldset class="answers weeks">
      <legend>{t("ulcer.weeks")}</legend>
      <div class="answer-row">
        <button type="button" class="pick answer" aria-label={t("ulcer.weeks_fewer")} onClick={() => to(weeks - 1)}>
          −
        </button>
        <output aria-live="polite">{weeks}</output>
        <button type="button" class="pick answer" aria-label={t("ulcer.weeks_more")} onClick={() => to(weeks + 1)}>
          +
        </button>
      </div>
    </fieldset>
  );
}

function Registered({ ulcer }: { ulcer: Ulcer }) {
  const now = visitNow(ulcer, dayOf(new Date()));
  return (
    <section class="card new-ulcer" role="status">
      <h1>{t("ulcer.registered", { code: ulcer.code })}</h1>
      <p class="quiet">{placeOf(ulcer)}</p>
      {ulcer.eligible ? (
        <p class="note good">{t("ulcer.may")}</p>
      ) : (
        <div class="note warn">
          <div>
            <p class="note-title">{t("ulcer.may_not")}</p>
            <ul class="reasons">
              {ulcer.ineligible_because.map((reason) => (
                <li key={reason.code}>{ours(reason)}</li>
              ))}
            </ul>
            <p>{t("ulcer.kept_all_the_same")}</p>
          </div>
        </div>
      )}
      <div class="step-end">
        <button type="button" class="button primary big" onClick={() => chooseUlcer(ulcer.id, now?.visit_code ?? null)}>
          {t("ulcer.go_photograph")}
        </button>
        <button type="button" class="button big" onClick={() => go("hands", { place: null })}>
          {t("ulcer.go_hands")}
        </button>
      </div>
    </section>
  );
}

/** The nurse's visit, one step at a time: who, which ulcer, which visit, the photograph. */

import { useEffect } from "preact/hooks";
import { reached } from "../shared/api";
import { Icon } from "../shared/icons";
import { t } from "../shared/language";
import { visitLabel } from "../shared/places";
import { navigate, path } from "../shared/router";
import { me, study } from "../shared/session";
import { Empty, ErrorNote, Loading } from "../shared/ui";
import type { Study } from "../shared/wire";
import { useAtHand, type AtHand } from "./at_hand";
import "./capture.css";
import { addressOf, change, flow, flowOf, goBack, reachable, resumeFlow, stepOf, type StepName } from "./flow";
import { Hands } from "./hands";
import { NewUlcerForm } from "./new_ulcer";
import { PhotoStep } from "./photo_step";
import { PinOffer } from "./pin_offer";
import { SubjectList } from "./subject_list";
import { VisitStep } from "./visit_step";
import { WAITING_PAGE, WaitingPage } from "./waiting_page";

export function CapturePage() {
  if (!study.value || !me.value) return <Empty title={t("study.none")} />;
  return <OpenCapture study={study.value} person={me.value.username} />;
}

/** A visit that was left goes on where it was; a link or the back gesture leads where it says. */
function useStep(person: string): StepName | null {
  useEffect(() => void resumeFlow(person), [person]);
  const found = flowOf.value === person;
  const step = reachable({ ...flow.value, step: stepOf(path.value) });
  const followed = found && path.value !== WAITING_PAGE;
  useEffect(() => {
    if (!followed) return;
    if (flow.value.step !== step) change({ step });
    if (path.value !== addressOf(step)) navigate(addressOf(step), "replace");
  }, [followed, step, path.value]);
  return found ? step : null;
}

function OpenCapture({ study, person }: { study: Study; person: string }) {
  const step = useStep(person);
  const atHand = useAtHand(study.id, person);
  if (step === null) return <Loading />;
  if (!atHand.value) return atHand.error ? <ErrorNote error={atHand.error} retry={atHand.reload} /> : <Loading />;
  if (path.value === WAITING_PAGE) return <WaitingPage study={study} ulcers={atHand.value.ulcers} />;
  return (
    <div class="page flow">
      <Trail study={study} atHand={atHand.value} step={step} />
      {!reached.value && step !== "photo" && <p class="note warn">{t("flow.offline_read")}</p>}
      <StepView step={step} study={study} person={person} atHand={atHand.value} reload={atHand.reload} />
    </div>
  );
}

interface StepProps {
  step: StepName;
  study: Study;
  person: string;
  atHand: AtHand;
  reload: () => void;
}

function StepView({ step, study, person, atHand, reload }: StepProps) {
  const { subject_id, ulcer_id, visit_code, place } = flow.value;
  const subject = atHand.subjects.find((one) => one.id === subject_id);
  const ulcer = atHand.ulcers.find((one) => one.id === ulcer_id);
  const visit = study.visits.find((one) => one.code === visit_code);
  if (step === "photo" && ulcer && visit) return <PhotoStep study={study} ulcer={ulcer} visit={visit} person={person} />;
  if (step === "visit" && ulcer) return <VisitStep key={ulcer.id} study={study} ulcer={ulcer} person={person} />;
  if (step === "new" && subject && place) return <NewUlcerForm subject={subject} place={place} registered={reload} />;
  if (step !== "subjects" && subject) return <Hands study={study} subject={subject} ulcers={atHand.ulcers} />;
  return (
    <>
      <PinOffer />
      <SubjectList study={study} atHand={atHand} enrolled={reload} />
    </>
  );
}

/** Where one is, and the way back. */
function Trail({ study, atHand, step }: { study: Study; atHand: AtHand; step: StepName }) {
  if (step === "subjects") return null;
  const { subject_id, ulcer_id, visit_code } = flow.value;
  const ulcer = step === "visit" || step === "photo" ? atHand.ulcers.find((one) => one.id === ulcer_id) : undefined;
  const visit = step === "photo" ? study.visits.find((one) => one.code === visit_code) : undefined;
  const subject = atHand.subjects.find((one) => one.id === subject_id);
  return (
    <nav class="trail" aria-label={t("nav.pages")}>
      <button type="button" class="button big" onClick={goBack}>
        <Icon name="left" />
        {t("flow.back")}
      </button>
      <p>
        <strong>{subject?.subject_code}</strong>
        {ulcer && <span>{ulcer.code}</span>}
        {visit && <span>{visitLabel(visit)}</span>}
      </p>
    </nav>
  );
}

/** The capture page: which ulcer, which visit, then the photograph and its verdict. */

import { useEffect, useState } from "preact/hooks";
import { api } from "../shared/api";
import { day, t } from "../shared/language";
import { bySite, placeOf, visitLabel } from "../shared/places";
import { me, study } from "../shared/session";
import { Empty, ErrorNote, Loading, StateTag } from "../shared/ui";
import { useLoaded } from "../shared/watch";
import type { Study, Ulcer, Visit } from "../shared/wire";
import { PhotoDrop } from "./photo_drop";
import { pause, resume, tray } from "./tray";
import { TrayCard } from "./tray_card";
import "./capture.css";

export function CapturePage() {
  if (!study.value) return <Empty title={t("study.none")} />;
  return <OpenCapture study={study.value} />;
}

function OpenCapture({ study }: { study: Study }) {
  const settled = tray.value.filter((item) => item.step === "done").length;
  const ulcers = useLoaded(() => api.ulcers(study.id), [study.id, settled]);
  const [ulcerId, chooseUlcer] = useState<string | null>(null);
  const [visitCode, chooseVisit] = useState<string | null>(null);
  const person = me.value?.username ?? "";

  useEffect(() => {
    void resume(person);
    return pause;
  }, [person]);

  if (!ulcers.value) return ulcers.error ? <ErrorNote error={ulcers.error} retry={ulcers.reload} /> : <Loading />;
  const ulcer = ulcers.value.find((u) => u.id === ulcerId) ?? null;
  const visit = ulcer ? (study.visits.find((v) => v.code === visitCode) ?? null) : null;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t("capture.title")}</h1>
      </header>
      <div class="capture-grid">
        <section class="card step" aria-labelledby="step-ulcer">
          <StepTitle id="step-ulcer" n={1} text={t("capture.which_ulcer")} />
          <UlcerChoice
            ulcers={ulcers.value}
            chosen={ulcerId}
            choose={(id) => {
              chooseUlcer(id);
              chooseVisit(null);
            }}
          />
        </section>
        <div class="capture-right">
          <section class={ulcer ? "card step" : "card step later"} aria-labelledby="step-visit">
            <StepTitle id="step-visit" n={2} text={t("capture.which_visit")} />
            {ulcer ? (
              <VisitChoice study={study} ulcer={ulcer} chosen={visitCode} choose={chooseVisit} />
            ) : (
              <p class="quiet">{t("capture.ulcer_first")}</p>
            )}
          </section>
          <section class={visit ? "card step" : "card step later"} aria-labelledby="step-photo">
            <StepTitle id="step-photo" n={3} text={t("capture.photo")} />
            <PhotoDrop ulcer={ulcer} visit={visit} person={person} />
          </section>
          <Tray study={study} ulcers={ulcers.value} />
        </div>
      </div>
    </div>
  );
}

function StepTitle({ id, n, text }: { id: string; n: number; text: string }) {
  return (
    <h2 id={id} class="step-title">
      <span class="step-number">{n}</span>
      {text}
    </h2>
  );
}

interface UlcerChoiceProps {
  ulcers: Ulcer[];
  chosen: string | null;
  choose: (id: string) => void;
}

function UlcerChoice({ ulcers, chosen, choose }: UlcerChoiceProps) {
  if (ulcers.length === 0) return <Empty title={t("study.no_ulcers")} />;
  return (
    <div class="choices">
      {bySite(ulcers).flatMap((site) =>
        site.subjects.map((subject) => (
          <fieldset key={subject.code}>
            <legend>{subject.code}</legend>
            {subject.ulcers.map((ulcer) => (
              <label key={ulcer.id} class="choice">
                <input type="radio" name="ulcer" checked={ulcer.id === chosen} onChange={() => choose(ulcer.id)} />
                <span class="choice-text">
                  <strong>{ulcer.code}</strong>
                  <span class="quiet">{placeOf(ulcer)}</span>
                </span>
              </label>
            ))}
          </fieldset>
        )),
      )}
    </div>
  );
}

interface VisitChoiceProps {
  study: Study;
  ulcer: Ulcer;
  chosen: string | null;
  choose: (code: string) => void;
}

function VisitChoice({ study, ulcer, chosen, choose }: VisitChoiceProps) {
  return (
    <div class="choices visits">
      {study.visits.map((visit: Visit) => {
        const timepoint = ulcer.timepoints.find((p) => p.visit_code === visit.code);
        return (
          <label key={visit.code} class="choice">
            <input type="radio" name="visit" checked={visit.code === chosen} onChange={() => choose(visit.code)} />
            <span class="choice-text">
              <strong>{visitLabel(visit)}</strong>
              <span class="quiet small">{timepoint ? t("capture.due", { date: day(timepoint.due_on) }) : ""}</span>
              <StateTag state={timepoint?.state ?? null} />
            </span>
          </label>
        );
      })}
    </div>
  );
}

function Tray({ study, ulcers }: { study: Study; ulcers: Ulcer[] }) {
  if (tray.value.length === 0) return null;
  return (
    <section aria-label={t("capture.tray")} aria-live="polite" class="tray">
      {tray.value.map((item) => (
        <TrayCard
          key={item.id}
          item={item}
          ulcer={ulcers.find((u) => u.id === item.ulcer_id) ?? null}
          visit={study.visits.find((v) => v.code === item.visit_code) ?? null}
        />
      ))}
    </section>
  );
}

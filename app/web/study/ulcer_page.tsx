/** One ulcer: its course, its photographs, the figures and the gate of the chosen visit. */

import { GateList } from "../shared/gate_list";
import { ours, t, tn, word } from "../shared/language";
import { MeasuredTable } from "../shared/measured_table";
import { placeOf, visitLabel } from "../shared/places";
import { navigate } from "../shared/router";
import { Area, Empty, StateTag } from "../shared/ui";
import type { Capture, Study, Ulcer } from "../shared/wire";
import { Figures } from "./figures";
import { PhotoPanel } from "./photo_panel";
import { courseOf, lastMeasured, type CoursePoint } from "./series";
import { SeriesChart } from "./series_chart";
import type { StudyData } from "./study_data";

interface UlcerPageProps {
  study: Study;
  data: StudyData;
  ulcer: Ulcer;
  visit: string | null;
}

export function UlcerPage({ study, data, ulcer, visit }: UlcerPageProps) {
  const points = courseOf(ulcer, study.visits, data.items);
  const current =
    points.find((p) => p.visit.code === visit) ??
    lastMeasured(points) ??
    points.filter((p) => p.capture_id !== null).at(-1) ??
    points[0];
  if (!current) return <Empty title={t("study.no_visits")} />;
  const choose = (code: string) => navigate(`/study/${ulcer.id}/${code}`, "replace");
  const capture = data.captures.find((c) => c.id === current.capture_id) ?? null;
  return (
    <>
      <header class="page-head">
        <h1>
          {ulcer.subject_code} · {ulcer.code}
        </h1>
        <p class="quiet">
          {placeOf(ulcer)}
          {ulcer.pose && <> · {word("pose", ulcer.pose)}</>}
        </p>
      </header>
      {!ulcer.eligible && (
        <div class="note warn">
          <div>
            <p class="note-title">{t("study.not_eligible")}</p>
            <ul>
              {ulcer.ineligible_because.map((unmet) => (
                <li key={unmet.code}>{ours(unmet)}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
      <div class="ulcer-grid">
        <section class="card chart-card" aria-label={t("chart.label")}>
          <SeriesChart points={points} visits={study.visits} selected={current.visit.code} onSelect={choose} />
        </section>
        <PhotoPanel
          points={points}
          current={current}
          capture={capture}
          baselineVisit={study.epithelialisation_rule.baseline_visit}
          choose={choose}
        />
        <section class="card visits-card">
          <h2>{t("captures.title")}</h2>
          <CaptureTable points={points} captures={data.captures} ulcer={ulcer} current={current} choose={choose} />
        </section>
        <VisitDetail point={current} capture={capture} />
        {capture && capture.quality.length > 0 && (
          <section class="card gate-card">
            <h2>{t("gate.title")}</h2>
            <GateList quality={capture.quality} />
          </section>
        )}
      </div>
    </>
  );
}

function VisitDetail({ point, capture }: { point: CoursePoint; capture: Capture | null }) {
  return (
    <section class="card visit-detail" aria-live="polite">
      <div class="section-head">
        <h2>{visitLabel(point.visit)}</h2>
        <StateTag state={point.state} />
      </div>
      {capture === null && <p class="quiet">{t("captures.none_yet")}</p>}
      {capture && capture.measurement === null && capture.state !== "measured" && (
        <p class="quiet">{t("measurement.none")}</p>
      )}
      {capture?.state === "measured" && capture.measurement === null && (
        <p class="quiet">{t("measurement.hidden")}</p>
      )}
      {capture?.measurement && <Figures measurement={capture.measurement} point={point} />}
    </section>
  );
}

interface TableProps {
  points: CoursePoint[];
  captures: Capture[];
  ulcer: Ulcer;
  current: CoursePoint;
  choose: (visit: string) => void;
}

/** Photographs of a visit that were taken but do not count: retaken, or refused before. */
function others(captures: Capture[], ulcer: Ulcer, point: CoursePoint): number {
  return captures.filter(
    (c) => c.ulcer_id === ulcer.id && c.visit_code === point.visit.code && c.id !== point.capture_id,
  ).length;
}

function CaptureTable({ points, captures, ulcer, current, choose }: TableProps) {
  const state = (p: CoursePoint) => (
    <>
      <StateTag state={p.state} brief={p.area_mm2 !== null} />
      {others(captures, ulcer, p) > 0 && (
        <span class="quiet small"> {tn("captures.others", others(captures, ulcer, p))}</span>
      )}
    </>
  );
  return (
    <div class="table-scroll">
      <MeasuredTable
        named={t("captures.visit")}
        stated={t("captures.state")}
        rows={points.map((p) => ({
          key: p.visit.code,
          name: visitLabel(p.visit),
          state: state(p),
          area: <Area {...p} />,
          epithelialisation_percent: p.epithelialisation_percent,
          verdict: p.verdict,
        }))}
        chosen={current.visit.code}
        choose={choose}
      />
    </div>
  );
}

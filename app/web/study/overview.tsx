/** Every ulcer of the study as a small multiple. */

import { useState } from "preact/hooks";
import { t } from "../shared/language";
import { bySite, placeOf, visitLabel } from "../shared/places";
import { Link } from "../shared/router";
import { Area, Empty, Percent } from "../shared/ui";
import type { Study, Ulcer } from "../shared/wire";
import { courseOf, highest_mm2, lastMeasured, type CoursePoint } from "./series";
import { SmallChart } from "./small_chart";
import type { StudyData } from "./study_data";

export function Overview({ study, data }: { study: Study; data: StudyData }) {
  const [shared, share] = useState(true);
  if (data.ulcers.length === 0) return <Empty title={t("study.no_ulcers")} />;
  const ordered = bySite(data.ulcers).flatMap((site) => site.subjects.flatMap((subject) => subject.ulcers));
  const courses = ordered.map((ulcer) => ({ ulcer, points: courseOf(ulcer, study.visits, data.items) }));
  const highest = Math.max(...courses.map(({ points }) => highest_mm2(points)));
  return (
    <section>
      <div class="section-head">
        <h2>{t("overview.title")}</h2>
        <div class="segmented" role="group" aria-label={t("overview.scale")}>
          <button type="button" aria-pressed={shared} onClick={() => share(true)}>
            {t("overview.same_scale")}
          </button>
          <button type="button" aria-pressed={!shared} onClick={() => share(false)}>
            {t("overview.own_scale")}
          </button>
        </div>
      </div>
      <p class="quiet small">{t("overview.explained")}</p>
      <ul class="multiples">
        {courses.map(({ ulcer, points }) => (
          <li key={ulcer.id}>
            <Multiple
              ulcer={ulcer}
              points={points}
              baselineVisit={study.epithelialisation_rule.baseline_visit}
              highest={shared ? highest : highest_mm2(points)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface MultipleProps {
  ulcer: Ulcer;
  points: CoursePoint[];
  baselineVisit: string;
  highest: number;
}

function Multiple({ ulcer, points, baselineVisit, highest }: MultipleProps) {
  const last = lastMeasured(points);
  return (
    <Link to={`/study/${ulcer.id}`} class="multiple card">
      <span class="multiple-head">
        <strong>
          {ulcer.subject_code} · {ulcer.code}
        </strong>
        <span class="quiet small">{placeOf(ulcer)}</span>
      </span>
      <SmallChart points={points} highest={highest} label={t("chart.label")} />
      <span class="multiple-foot">
        {last && last.area_mm2 !== null ? (
          <>
            <span>
              {t("visit.says", { visit: visitLabel(last.visit), text: "" })} <Area {...last} />
            </span>
            {last.epithelialisation_percent !== null && last.visit.code !== baselineVisit && (
              <span class="quiet">
                {t("overview.healed")} <Percent value={last.epithelialisation_percent} />
              </span>
            )}
          </>
        ) : (
          <span class="quiet">{t("overview.nothing_yet")}</span>
        )}
      </span>
    </Link>
  );
}

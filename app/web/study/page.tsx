/** The study page: ulcers on the left; all of them as small multiples, or the chosen one in full. */

import { language, number, t, tn } from "../shared/language";
import { match, path } from "../shared/router";
import { me, seesAreas, study } from "../shared/session";
import { Empty, ErrorNote, Loading } from "../shared/ui";
import type { Study } from "../shared/wire";
import { Overview } from "./overview";
import { progressOf, type Progress } from "./series";
import { useStudyData } from "./study_data";
import { UlcerList } from "./ulcer_list";
import { UlcerPage } from "./ulcer_page";
import "./study.css";

export function StudyPage() {
  if (!study.value) return <Empty title={t("study.none")} />;
  return <OpenStudy study={study.value} />;
}

function OpenStudy({ study }: { study: Study }) {
  const { data, error } = useStudyData(study.id, seesAreas.value);
  const found = match("/study/:ulcer", path.value) ?? match("/study/:ulcer/:visit", path.value);
  if (!data) return error ? <ErrorNote error={error} /> : <Loading />;
  const chosen = data.ulcers.find((u) => u.id === found?.ulcer);
  return (
    <div class="study-layout">
      <UlcerList study={study} ulcers={data.ulcers} chosen={chosen?.id ?? null} />
      <div class="study-main">
        {error ? <ErrorNote error={error} /> : null}
        <ProgressLine progress={progressOf(data.captures.map((c) => c.state))} />
        {found && !chosen && <Empty title={t("study.ulcer_unknown")} />}
        {!found && <StudyHead study={study} />}
        {!found && <Overview study={study} data={data} />}
        {chosen && (
          <UlcerPage key={chosen.id} study={study} data={data} ulcer={chosen} visit={found?.visit ?? null} />
        )}
      </div>
    </div>
  );
}

function StudyHead({ study }: { study: Study }) {
  const ours = me.value?.role === "site_staff";
  return (
    <header class="page-head">
      <h1>{language.value === "fr" ? study.title_fr : study.title_en}</h1>
      <p class="quiet">
        {study.code} · {tn("study.visits", study.visits.length)}
        {ours && <> · {t("study.own_site")}</>}
      </p>
    </header>
  );
}

/** Shown while photographs are being measured; gone when all are done. */
function ProgressLine({ progress }: { progress: Progress }) {
  if (progress.under_way === 0) return null;
  const done = progress.total - progress.under_way;
  return (
    <div class="progress" role="status">
      <p>
        <strong>{t("progress.measured", { n: number(progress.measured, 0), total: number(progress.total, 0) })}</strong>
        {progress.refused > 0 && <span class="quiet"> · {tn("progress.refused", progress.refused)}</span>}
        {progress.failed > 0 && <span class="quiet"> · {tn("progress.failed", progress.failed)}</span>}
      </p>
      <progress max={progress.total} value={done} aria-label={t("progress.label")} />
    </div>
  );
}


/** The blinded assessments: cases under codes made for this reader, and nothing else. */

import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { Figure, ModelFigure } from "../shared/figure";
import { t, tn, word } from "../shared/language";
import { MeasuredTable } from "../shared/measured_table";
import { Link } from "../shared/router";
import { Area, Empty, ErrorNote, Loading, Percent, VerdictWord } from "../shared/ui";
import { Viewer } from "../shared/viewer";
import { WHOLE, type View } from "../shared/viewport";
import { useWatched } from "../shared/watch";
import type { Assessment } from "../shared/wire";
import "./reading.css";

/** As much of a code as tells the cases of one reader apart at a glance; the whole stands beside the picture. */
const SHORT_CODE = 8;
const shortCode = (assessment: Assessment): string => assessment.case_code.slice(0, SHORT_CODE);

const LOOK_AGAIN_MS = 8_000;

export function AssessmentsPage() {
  const { value: cases, error } = useWatched(api.assessments, LOOK_AGAIN_MS, []);
  const [code, choose] = useState<string | null>(null);
  const chosen = cases?.find((c) => c.case_code === code) ?? cases?.[0] ?? null;
  return (
    <div class="page">
      <header class="page-head assessments-head">
        <h1>{t("reading.title")}</h1>
        <Link to="/reading" class="case-back">
          {t("desk.back")}
        </Link>
        <p class="quiet">{t("reading.explained")}</p>
      </header>
      {error ? <ErrorNote error={error} /> : null}
      {cases === null && !error && <Loading />}
      {cases?.length === 0 && (
        <Empty title={t("reading.empty")}>
          <p>{t("reading.empty_why")}</p>
        </Empty>
      )}
      {cases && chosen && (
        <div class="reading-grid">
          <section class="card cases" aria-label={t("reading.cases")}>
            <p class="quiet small">
              {tn("reading.count", cases.length)}. {t("reading.machine")}
            </p>
            <div class="table-scroll tall">
              <MeasuredTable
                named={t("reading.case")}
                rows={cases.map((c) => ({
                  ...c,
                  key: c.case_code,
                  name: <span class="code">{shortCode(c)}</span>,
                  title: c.case_code,
                  area: <ReadArea assessment={c} />,
                }))}
                chosen={chosen.case_code}
                choose={choose}
              />
            </div>
          </section>
          <CaseView key={chosen.case_code} assessment={chosen} />
        </div>
      )}
    </div>
  );
}

/** The readers' area; without an outline, what they called it. */
function ReadArea({ assessment: c }: { assessment: Assessment }) {
  if (c.category === null || c.category === "open") return <Area {...c} />;
  return <>{word("desk.category", c.category)}</>;
}

function CaseView({ assessment: c }: { assessment: Assessment }) {
  const [view, setView] = useState<View>(WHOLE);
  const [laidOver, layOver] = useState(false);
  return (
    <section class="card case-view" aria-label={c.case_code}>
      <div class="section-head">
        <h2 class="code case-code">{c.case_code}</h2>
        <span class="quiet small">
          {c.category !== null && <>{word("desk.category", c.category)} · </>}
          {word("source", c.source)}
        </span>
      </div>
      {c.comparison_url === null ? (
        <p class="quiet small">{t("viewer.not_laid_over")}</p>
      ) : (
        <div class="switches">
          <label class="switch">
            <input type="checkbox" checked={laidOver} onChange={(e) => layOver(e.currentTarget.checked)} />
            <span>{t("viewer.lay_over")}</span>
          </label>
        </div>
      )}
      <Viewer
        plain={null}
        overlay={laidOver && c.comparison_url !== null ? c.comparison_url : c.overlay_url}
        outlineShown
        view={view}
        onView={setView}
        label={t("reading.picture", { code: shortCode(c) })}
      />
      <dl class="figures">
        <Figure name={t("captures.area")}>
          <ReadArea assessment={c} />
        </Figure>
        <Figure name={t("reading.machine_area")}>
          <Area {...c.machine} />
        </Figure>
        <Figure name={t("captures.healed")}>
          <Percent value={c.epithelialisation_percent} />
        </Figure>
        <Figure name={t("captures.verdict")}>
          <VerdictWord verdict={c.verdict} />
        </Figure>
        <ModelFigure model={c.model} version={c.version} />
      </dl>
    </section>
  );
}

/** The blinded assessments: cases under codes made for this reader, and nothing else. */

import { useState } from "preact/hooks";
import { api } from "../shared/api";
import { t, tn, word } from "../shared/language";
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
      <header class="page-head">
        <h1>{t("reading.title")}</h1>
        <p class="quiet">{t("reading.explained")}</p>
      </header>
      <p class="note plain">{t("reading.machine")}</p>
      {error ? <ErrorNote error={error} /> : null}
      {cases === null && !error && <Loading />}
      {cases?.length === 0 && <Empty title={t("reading.empty")} />}
      {cases && chosen && (
        <div class="reading-grid">
          <section class="card cases" aria-label={t("reading.cases")}>
            <p class="quiet small">{tn("reading.count", cases.length)}</p>
            <CaseTable cases={cases} chosen={chosen} choose={choose} />
          </section>
          <CaseView key={chosen.case_code} assessment={chosen} />
        </div>
      )}
    </div>
  );
}

interface CaseTableProps {
  cases: Assessment[];
  chosen: Assessment;
  choose: (code: string) => void;
}

function CaseTable({ cases, chosen, choose }: CaseTableProps) {
  return (
    <div class="table-scroll tall">
      <table class="captures">
        <thead>
          <tr>
            <th scope="col">{t("reading.case")}</th>
            <th scope="col" class="num">
              {t("captures.area")}
            </th>
            <th scope="col" class="num">
              {t("captures.healed")}
            </th>
            <th scope="col">{t("captures.verdict")}</th>
          </tr>
        </thead>
        <tbody>
          {cases.map((c) => (
            <tr key={c.case_code} class={c === chosen ? "chosen" : ""}>
              <th scope="row">
                <button type="button" class="row-button code" title={c.case_code} onClick={() => choose(c.case_code)}>
                  {shortCode(c)}
                </button>
              </th>
              <td class="num">
                <Area {...c} />
              </td>
              <td class="num">
                <Percent value={c.epithelialisation_percent} />
              </td>
              <td>
                <VerdictWord verdict={c.verdict} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
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
        <div>
          <dt>{t("captures.area")}</dt>
          <dd>
            <Area {...c} />
          </dd>
        </div>
        <div>
          <dt>{t("reading.machine_area")}</dt>
          <dd>
            <Area {...c.machine} />
          </dd>
        </div>
        <div>
          <dt>{t("captures.healed")}</dt>
          <dd>
            <Percent value={c.epithelialisation_percent} />
          </dd>
        </div>
        <div>
          <dt>{t("captures.verdict")}</dt>
          <dd>
            <VerdictWord verdict={c.verdict} />
          </dd>
        </div>
        <div>
          <dt>{t("figures.model")}</dt>
          <dd>
            {c.model} <span class="quiet small">· {t("figures.software", { version: c.version })}</span>
          </dd>
        </div>
      </dl>
    </section>
  );
}

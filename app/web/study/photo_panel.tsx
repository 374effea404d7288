/** The photograph of the chosen visit, alone or beside the baseline's, both looked at with one view. */

import { useEffect, useState } from "preact/hooks";
import { comparisonPath, overlayPath, readingImagePath } from "../shared/api";
import { Reasons } from "../shared/gate_list";
import { Icon } from "../shared/icons";
import { t } from "../shared/language";
import { visitLabel } from "../shared/places";
import { seesAreas } from "../shared/session";
import { Area, Empty } from "../shared/ui";
import { Viewer } from "../shared/viewer";
import { WHOLE, type View } from "../shared/viewport";
import type { Capture } from "../shared/wire";
import type { CoursePoint } from "./series";

interface PanelProps {
  points: CoursePoint[];
  current: CoursePoint;
  capture: Capture | null;
  /** Code of the visit to compare with. */
  baselineVisit: string;
  choose: (visit: string) => void;
}

/** Letters without modifiers, outside of fields: they do not get in the way of a screen reader's or browser's keys. */
function plainKey(event: KeyboardEvent): boolean {
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select") !== null;
  return !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
}

export function PhotoPanel({ points, current, capture, baselineVisit, choose }: PanelProps) {
  const [outlined, outline] = useState(true);
  const [comparing, compare] = useState(false);
  const [laidOver, layOver] = useState(false);
  const [view, setView] = useState<View>(WHOLE);
  const at = points.indexOf(current);
  const baseline = points.find((p) => p.visit.code === baselineVisit && p.state === "measured") ?? null;
  const canCompare = baseline !== null && baseline !== current && current.state === "measured";
  const canLayOver = capture?.measurement?.has_comparison === true;
  const step = (by: number) => {
    const next = points[at + by];
    if (next) choose(next.visit.code);
  };

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (plainKey(event) && event.key.toLowerCase() === "o") outline((on) => !on);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);

  return (
    <section class="card photo-panel" aria-label={t("viewer.title")}>
      <div class="photo-bar">
        <div class="stepper">
          <button type="button" class="tool" disabled={at <= 0} onClick={() => step(-1)}>
            <Icon name="left" label={t("viewer.previous")} />
          </button>
          <strong class="stepper-text">{visitLabel(current.visit)}</strong>
          <button type="button" class="tool" disabled={at >= points.length - 1} onClick={() => step(1)}>
            <Icon name="right" label={t("viewer.next")} />
          </button>
        </div>
        <div class="switches">
          <label class="switch">
            <input type="checkbox" checked={outlined} onChange={(e) => outline(e.currentTarget.checked)} />
            <span>{t("viewer.outline")}</span>
          </label>
          <label class={canCompare ? "switch" : "switch off"}>
            <input
              type="checkbox"
              checked={comparing && canCompare}
              disabled={!canCompare}
              onChange={(e) => compare(e.currentTarget.checked)}
            />
            <span>{t("viewer.compare")}</span>
          </label>
          <label class={canLayOver ? "switch" : "switch off"} title={canLayOver ? undefined : t("viewer.not_laid_over")}>
            <input
              type="checkbox"
              checked={laidOver && canLayOver}
              disabled={!canLayOver}
              onChange={(e) => layOver(e.currentTarget.checked)}
            />
            <span>{t("viewer.lay_over")}</span>
          </label>
        </div>
      </div>
      <div class={comparing && canCompare ? "photos pair" : "photos"}>
        {comparing && canCompare && baseline && (
          <Photo point={baseline} capture={null} outlined={outlined} view={view} onView={setView} />
        )}
        <Photo
          point={current}
          capture={capture}
          outlined={outlined || (laidOver && canLayOver)}
          laidOver={laidOver && canLayOver}
          view={view}
          onView={setView}
        />
      </div>
    </section>
  );
}

interface PhotoProps {
  point: CoursePoint;
  capture: Capture | null;
  outlined: boolean;
  /** With the baseline's outline as well. */
  laidOver?: boolean;
  view: View;
  onView: (view: View) => void;
}

function Photo({ point, capture, outlined, laidOver, view, onView }: PhotoProps) {
  if (point.state !== "measured" || point.capture_id === null) {
    return (
      <div class="photo-absent">
        <Empty title={t("viewer.no_image")}>
          <p class="quiet small">{t(point.state === null ? "captures.none_yet" : "viewer.only_measured")}</p>
        </Empty>
        {capture && <Reasons capture={capture} />}
      </div>
    );
  }
  if (!seesAreas.value) return <Empty title={t("measurement.hidden")} />;
  return (
    <Viewer
      key={point.capture_id}
      plain={readingImagePath(point.capture_id)}
      overlay={(laidOver ? comparisonPath : overlayPath)(point.capture_id)}
      outlineShown={outlined}
      view={view}
      onView={onView}
      label={t("viewer.label", { visit: visitLabel(point.visit) })}
      caption={
        <>
          <span>{visitLabel(point.visit)}</span>
          <Area {...point} />
        </>
      }
    />
  );
}

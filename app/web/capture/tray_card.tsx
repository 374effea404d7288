/** One photograph after the shutter: on its way, measured with its outline, or how to take it again. */

import { useState } from "preact/hooks";
import { overlayPath, readingImagePath } from "../shared/api";
import { Figure } from "../shared/figure";
import { t } from "../shared/language";
import { visitLabel } from "../shared/places";
import { Area, ErrorNote, Percent, StateTag, saying } from "../shared/ui";
import { Viewer } from "../shared/viewer";
import { WHOLE, type View } from "../shared/viewport";
import type { Capture, Ulcer, Visit } from "../shared/wire";
import { Reasons } from "../shared/gate_list";
import { discard, sendAgain } from "./tray";
import type { TrayItem } from "./tray_items";

interface CardProps {
  item: TrayItem;
  ulcer: Ulcer | null;
  visit: Visit | null;
}

export function TrayCard({ item, ulcer, visit }: CardProps) {
  const name = [ulcer?.subject_code, ulcer?.code, visit && visitLabel(visit)].filter(Boolean).join(" · ");
  return (
    <article class={`card tray-card ${item.step}`} data-capture={item.id}>
      <div class="section-head">
        <h3>{name}</h3>
        {item.capture && item.step === "done" ? <StateTag state={item.capture.state} /> : null}
      </div>
      <OnItsWay item={item} />
      {item.step === "done" && item.capture && <Verdict capture={item.capture} />}
    </article>
  );
}

export function OnItsWay({ item }: { item: TrayItem }) {
  if (item.step === "done") return null;
  if (item.step === "rejected") {
    return (
      <>
        <ErrorNote error={item.error} />
        <div class="step-end">
          <button type="button" class="button big" onClick={() => sendAgain(item.id)}>
            {t("waiting.again")}
          </button>
          <button type="button" class="button big" onClick={() => void discard(item.id)}>
            {t("capture.discard")}
          </button>
        </div>
      </>
    );
  }
  return (
    <div role="status">
      <p>
        {t(`capture.${item.step}`)}
        {item.step === "waiting" && item.error ? <span class="quiet"> {saying(item.error)}</span> : null}
      </p>
      <progress max={1} {...(item.step === "sending" ? { value: item.sent } : {})} aria-label={t("capture.sending")} />
    </div>
  );
}

export function Verdict({ capture }: { capture: Capture }) {
  const [view, setView] = useState<View>(WHOLE);
  const [outlined, outline] = useState(true);
  if (capture.state !== "measured") return <Reasons capture={capture} />;
  const m = capture.measurement;
  if (!m) {
    return (
      <p class="note good">
        {t(capture.accepted ? "capture.good" : "capture.not_counted")} {t("measurement.hidden")}
      </p>
    );
  }
  return (
    <div class="tray-verdict">
      <Viewer
        plain={readingImagePath(capture.id)}
        overlay={overlayPath(capture.id)}
        outlineShown={outlined}
        view={view}
        onView={setView}
        startNear
        label={t("viewer.title")}
      />
      <div>
        <p class="note good">{t(capture.accepted ? "capture.good" : "capture.not_counted")}</p>
        <dl class="figures one-column">
          <Figure name={t("captures.area")}>
            <Area {...m} />
          </Figure>
          {m.epithelialisation_percent !== null && (
            <Figure name={t("captures.healed")}>
              <Percent value={m.epithelialisation_percent} />
            </Figure>
          )}
        </dl>
        <label class="switch">
          <input type="checkbox" checked={outlined} onChange={(e) => outline(e.currentTarget.checked)} />
          <span>{t("viewer.outline")}</span>
        </label>
      </div>
    </div>
  );
}

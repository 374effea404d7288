/** After the shutter: the tablet's verdict at once, the service's with its outline, then take it again or accept. */

import { useEffect } from "preact/hooks";
import { reached } from "../shared/api";
import { Icon } from "../shared/icons";
import { ours, t } from "../shared/language";
import type { Capture, PoseName, Study } from "../shared/wire";
import type { TabletCode } from "./live/gate";
import { judge } from "./own_verdict";
import { TakenPhoto } from "./taken_photo";
import type { TrayItem } from "./tray_items";
import { OnItsWay, Verdict } from "./tray_card";

interface PanelProps {
  item: TrayItem;
  study: Study;
  pose: PoseName;
  again: () => void;
  accept: () => void;
}

/** What has been said against it so far; the service's word stands above the tablet's. */
function isRefused({ capture, own, step }: TrayItem): boolean {
  if (step === "rejected") return true;
  if (capture && step === "done") return capture.state !== "measured";
  return own?.some((criterion) => !criterion.passed) ?? false;
}

export function VerdictPanel({ item, study, pose, again, accept }: PanelProps) {
  const refused = isRefused(item);
  const told = item.step === "done" ? item.capture : null;
  useEffect(() => {
    if (item.own === null) void judge(item.id, study.gate, pose);
  }, [item.id]);
  return (
    <section class={`card verdict-panel tray-card ${item.step}`} data-capture={item.id} aria-live="polite">
      <p class="kept">
        <Icon name="check" />
        {t("photo.kept")}
      </p>
      {told && <h2>{t("photo.server")}</h2>}
      {told?.measurement ? <Verdict capture={told} /> : <Looked item={item} study={study} told={told} />}
      <div class="step-end">
        <button type="button" class={refused ? "button primary big" : "button big"} onClick={again}>
          <Icon name="camera" />
          {t("photo.again")}
        </button>
        {item.step !== "rejected" && (
          <button type="button" class={refused ? "button big" : "button primary big"} onClick={accept}>
            {!refused && <Icon name="check" />}
            {t(refused ? "photo.accept_anyway" : "photo.accept")}
          </button>
        )}
      </div>
    </section>
  );
}

interface OwnProps {
  item: TrayItem;
  study: Study;
}

/** The photograph beside what is said of it, until the service's own picture of it is there. */
function Looked({ item, study, told }: OwnProps & { told: Capture | null }) {
  return (
    <div class="tray-verdict looked">
      <TakenPhoto id={item.id} />
      <div class="said">
        {told ? (
          <Verdict capture={told} />
        ) : (
          <>
            {item.step !== "rejected" && <OwnVerdict item={item} study={study} />}
            <Underway item={item} />
          </>
        )}
      </div>
    </div>
  );
}

function Underway({ item }: { item: TrayItem }) {
  if (!reached.value && item.step === "waiting") return <p class="note">{t("photo.server_later")}</p>;
  return <OnItsWay item={item} />;
}

/** The service's sentence. */
function saidOf(code: TabletCode, study: Study): string {
  const sentence = study.gate_sentences[code];
  return sentence ? ours(sentence) : t("live.amend");
}

/** In the nurse's language what to do; the tablet looks for less than the service does. */
function OwnVerdict({ item, study }: OwnProps) {
  if (item.own === null) return <p role="status">{t("photo.looking")}</p>;
  if (item.own.length === 0) return <p class="quiet">{t("photo.own_none")}</p>;
  const failed = item.own.filter((criterion) => !criterion.passed);
  if (failed.length === 0) {
    return (
      <p class="note good own">
        <Icon name="check" />
        {t("photo.own_good")}
      </p>
    );
  }
  return (
    <div class="note warn own">
      <Icon name="alert" />
      <div>
        <p class="note-title">{t("photo.own_bad")}</p>
        <ul class="reasons">
          {failed.map(({ code }) => (
            <li key={code}>{saidOf(code, study)}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** The weekly check photo: the reference slip in the card's slot, measured at once. */

import { useRef, useState } from "preact/hooks";
import { cardsApi } from "../shared/api";
import type { CardStudy, PhantomShot as Shot } from "../shared/cards_wire";
import { Icon } from "../shared/icons";
import { day, number, ours, t } from "../shared/language";
import { ErrorNote, Loading } from "../shared/ui";
import { useLoaded } from "../shared/watch";
import { signed } from "../study/drift";
import { newCaptureId, sha256 } from "./identity";
import "./cards.css";

const FORMATS = "image/jpeg,image/png";
const JPEG = "image/jpeg";
/** The chart's own limit for "far from the true area" (app/domain/site_drift.py). */
const FAR_PERCENT = 3;

interface ShotProps {
  study: CardStudy;
  /** Takes everything out of a JPEG that does not draw its picture (capture/live/jpeg_header.ts). */
  strip: (bytes: ArrayBuffer) => { bytes: ArrayBuffer };
}

export function PhantomShot({ study, strip }: ShotProps) {
  const shots = useLoaded(() => cardsApi.shots(study.id), [study.id]);
  const [shot, setShot] = useState<Shot | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const camera = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);

  async function send(file: File | undefined): Promise<void> {
    const site = study.sites[0];
    if (!file || !site) return;
    setBusy(true);
    setError(null);
    setShot(null);
    try {
      const whole = await file.arrayBuffer();
      const bytes = file.type === JPEG ? strip(whole).bytes : whole;
      setShot(
        await cardsApi.send({
          id: newCaptureId(),
          study_id: study.id,
          site_code: site.code,
          taken_at: new Date().toISOString(),
          bytes,
          type: file.type,
          sha256: await sha256(bytes),
        }),
      );
      shots.reload();
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
      for (const input of [camera, files]) if (input.current) input.current.value = "";
    }
  }

  return (
    <section class="card card-work" aria-labelledby="phantom-shot">
      <h2 id="phantom-shot">{t("phantom.title")}</h2>
      {shots.error ? <ErrorNote error={shots.error} retry={shots.reload} /> : null}
      {shots.value && <When shots={shots.value} every_days={study.phantom_shot_every_days} />}
      <ol class="card-steps">
        <li>
          <p>{t("phantom.lay")}</p>
        </li>
        <li>
          <p>{t("phantom.hold")}</p>
        </li>
      </ol>
      <div class="card-papers">
        <button type="button" class="button primary big" disabled={busy} onClick={() => camera.current?.click()}>
          <Icon name="camera" />
          {t("phantom.take")}
        </button>
        <button type="button" class="button big" disabled={busy} onClick={() => files.current?.click()}>
          {t("phantom.choose_file")}
        </button>
        <HiddenFile of={camera} send={send} camera />
        <HiddenFile of={files} send={send} />
      </div>
      {busy && <Loading text={t("phantom.measuring")} />}
      {error ? <ErrorNote error={error} /> : null}
      {shot && <Outcome shot={shot} />}
    </section>
  );
}

interface HiddenFileProps {
  of: { current: HTMLInputElement | null };
  send: (file: File | undefined) => Promise<void>;
  camera?: boolean;
}

function HiddenFile({ of, send, camera }: HiddenFileProps) {
  return (
    <input
      ref={of}
      class="unseen"
      type="file"
      accept={FORMATS}
      {...(camera ? { capture: "environment" as const } : { "data-testid": "phantom-file" })}
      tabIndex={-1}
      aria-hidden="true"
      onChange={(event) => void send(event.currentTarget.files?.[0])}
    />
  );
}

const DAY_MS = 86_400_000;

function When({ shots, every_days }: { shots: Shot[]; every_days: number | null }) {
  const last = shots.filter((shot) => shot.state === "measured").at(-1);
  if (!last) return <p class="quiet">{t("phantom.first")}</p>;
  const due = every_days === null ? null : new Date(Date.parse(last.taken_at) + every_days * DAY_MS).toISOString();
  return (
    <p class="quiet">
      {t("phantom.last", { date: day(last.taken_at), deviation: signed(last.deviation_percent ?? 0) })}{" "}
      {due && t("phantom.due", { date: day(due) })}
    </p>
  );
}

function Outcome({ shot }: { shot: Shot }) {
  if (shot.area_mm2 === null || shot.deviation_percent === null) return <Refused shot={shot} />;
  const far = Math.abs(shot.deviation_percent) > FAR_PERCENT;
  const told = {
    area: number(shot.area_mm2, 2),
    truth: number(shot.true_area_mm2, 0),
    deviation: signed(shot.deviation_percent),
  };
  return (
    <p class={far ? "note warn" : "note good"} role="status">
      {t(far ? "phantom.far" : "phantom.good", told)}
    </p>
  );
}

function Refused({ shot }: { shot: Shot }) {
  return (
    <div class="note warn" role="status">
      <Icon name="alert" />
      <div>
        <p class="note-title">{t("phantom.refused")}</p>
        <ul class="reasons">
          {shot.quality
            .filter((criterion) => !criterion.passed)
            .map((criterion) => (
              <li key={criterion.code}>{ours(criterion)}</li>
            ))}
        </ul>
      </div>
    </div>
  );
}

/** The camera as the nurse sees it: the picture, what is found in it, one instruction, and the shutter. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../shared/icons";
import { ours, t, type Key } from "../../shared/language";
import type { PoseName } from "../../shared/wire";
import { MARKER_IDS } from "./digit_card";
import type { GateLimits, GateSentences, TabletCode } from "./gate";
import type { Judgement } from "./judge";
import { Overlay } from "./overlay";
import { AT_FIRST, steadied, type Steady, type Told } from "./steady";
import { useCamera, type NoCamera } from "./use_camera";
import { useTop } from "./use_top";
import { watch } from "./watcher";
import "./live.css";

export type { GateLimits, GateSentences } from "./gate";

interface LiveProps {
  gate: GateLimits;
  sentences: GateSentences;
  pose: PoseName;
  onStill: (photo: File) => void;
  /** There is no camera, it is refused, or this browser cannot judge: another way to a photograph is needed. */
  onUnavailable: (why: NoCamera) => void;
  /** Beside the shutter: another way to a photograph. */
  children?: ComponentChildren;
}

/** The service speaks of a photo already taken; before it is, these say what to do. */
const BEFORE: Readonly<Partial<Record<TabletCode, Key>>> = {
  no_card: "live.no_card",
  two_cards: "live.two_cards",
  scale_px_per_mm: "live.scale_px_per_mm",
  blur_mm: "live.blur_mm",
  clipped_percent: "live.clipped_percent",
  dark_percent: "live.dark_percent",
  glare_percent: "live.glare_percent",
  tip_distance_mm: "live.tip_distance_mm",
  tip_not_found: "live.tip_not_found",
};

/** A screen reader is told what has held for so long; the picture itself changes faster than speech. */
const SPOKEN_AFTER_MS = 1500;

export function LiveCamera({ gate, sentences, pose, onStill, onUnavailable, children }: LiveProps) {
  const frame = useTop<HTMLElement>();
  const video = useRef<HTMLVideoElement>(null);
  const [judgement, setJudgement] = useState<Judgement | null>(null);
  const [steady, setSteady] = useState<Steady>(AT_FIRST);
  const [taking, setTaking] = useState(false);
  const [trouble, setTrouble] = useState(false);
  const busy = useRef(false);
  const limits = useRef(gate);
  limits.current = gate;
  const unavailable = useRef(onUnavailable);
  unavailable.current = onUnavailable;

  const camera = useCamera(video, (why) => unavailable.current(why));
  useEffect(() => {
    setJudgement(null);
    setSteady(AT_FIRST);
    if (!camera || !video.current) return undefined;
    return watch(
      video.current,
      { gate: () => limits.current, pose, still_px: camera.still_px, paused: () => busy.current },
      (found) => {
        setJudgement(found);
        setSteady((before) => steadied(before, found.criteria));
      },
      () => unavailable.current("absent"),
    );
  }, [camera, pose]);

  async function take(): Promise<void> {
    if (!camera || !video.current || busy.current) return;
    busy.current = true;
    setTaking(true);
    setTrouble(false);
    try {
      onStill(await camera.photograph(video.current));
    } catch {
      setTrouble(true);
    } finally {
      busy.current = false;
      setTaking(false);
    }
  }

  const state = steady.told === "good" ? "good" : steady.told === "waiting" ? "waiting" : "amend";
  const sentence = sentenceOf(steady.told, sentences);
  return (
    <section ref={frame} class={`live ${state}`} aria-label={t("live.label")} data-told={steady.told}>
      <div class="live-stage">
        <video ref={video} class="live-video" autoplay muted playsInline aria-label={t("live.video")} />
        <Overlay
          judgement={judgement}
          width={video.current?.videoWidth || 4}
          height={video.current?.videoHeight || 3}
        />
      </div>
      <div class="live-bar">
        <p class="live-told">
          <Icon name={state === "good" ? "check" : state === "waiting" ? "clock" : "alert"} />
          <span>{trouble ? t("live.trouble") : sentence}</span>
        </p>
        <button
          type="button"
          class="live-shutter"
          disabled={!camera || taking}
          aria-label={t(taking ? "live.taking" : "live.take")}
          onClick={() => void take()}
        >
          <span class="live-shutter-disc" />
        </button>
        <Figures judgement={judgement} />
        <div class="live-else">{children}</div>
      </div>
      <Spoken sentence={trouble ? t("live.trouble") : sentence} />
    </section>
  );
}

function sentenceOf(told: Told, sentences: GateSentences): string {
  if (told === "waiting") return t("live.waiting");
  if (told === "good") return t("live.good");
  const key = BEFORE[told];
  if (key) return t(key);
  const sentence = sentences[told];
  return sentence ? ours(sentence) : t("live.amend");
}

/** How many markers, which tilt, how far: quiet, for who wants to know. */
function Figures({ judgement }: { judgement: Judgement | null }) {
  if (!judgement) return <p class="live-figures" />;
  const { markers, tilt_deg, distance_mm } = judgement;
  const parts = [t("live.markers", { n: markers.length, total: MARKER_IDS.length })];
  if (tilt_deg !== null) parts.push(t("live.tilt", { deg: Math.round(tilt_deg) }));
  if (distance_mm !== null) parts.push(t("live.distance", { cm: Math.round(distance_mm / 10) }));
  return (
    <p class="live-figures" aria-hidden="true">
      {parts.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </p>
  );
}

/** The instruction for screen readers, once it has held for a while. */
function Spoken({ sentence }: { sentence: string }) {
  const [spoken, speak] = useState("");
  useEffect(() => {
    const timer = window.setTimeout(() => speak(sentence), SPOKEN_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [sentence]);
  return (
    <p class="unseen" aria-live="polite" role="status">
      {spoken}
    </p>
  );
}

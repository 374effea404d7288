/** Sends the video's frames to the worker, one after the other: the next only once the last is judged. */

import type { PoseName } from "../../shared/wire";
import { Analyst, FRAME_SEARCH_PX } from "./analyst";
import type { GateLimits } from "./gate";
import type { Judgement } from "./judge";
import type { Asked } from "./worker";

/** Ten frames a second are as smooth as a hand follows; more would only warm the tablet. */
const FRAME_EVERY_MS = 100;

/** Larger frames are made so large before they are judged: focus still shows, and a modest tablet keeps pace. */
const LONGEST_FRAME_PX = 1920;

/** Frames that fail one after the other before the guidance is given up (a worker that cannot start, say). */
const FAILURES_TO_STOP = 5;

export interface Watched {
  gate: () => GateLimits;
  pose: PoseName;
  /** Longer side of the photographs; null where they are the frames themselves. */
  still_px: number | null;
  /** While a photograph is being taken, the tablet is left to that. */
  paused: () => boolean;
}

/** Watch until the returned function is called. */
export function watch(
  video: HTMLVideoElement,
  watched: Watched,
  onJudged: (judgement: Judgement) => void,
  onFailed: () => void,
): () => void {
  const analyst = new Analyst();
  let timer = 0;
  let running = true;
  let failures = 0;

  async function next(): Promise<void> {
    const start = performance.now();
    if (!watched.paused() && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && video.videoWidth > 0) {
      try {
        const judgement = await analyst.ask(await frame(video, watched));
        failures = 0;
        if (running) onJudged(judgement);
      } catch {
        failures += 1;
      }
    }
    if (!running) return;
    if (failures >= FAILURES_TO_STOP) {
      stop();
      onFailed();
      return;
    }
    timer = window.setTimeout(() => void next(), Math.max(0, FRAME_EVERY_MS - (performance.now() - start)));
  }

  function stop(): void {
    running = false;
    window.clearTimeout(timer);
    analyst.close();
  }

  void next();
  return stop;
}

async function frame(video: HTMLVideoElement, { gate, pose, still_px }: Watched): Promise<Asked> {
  const longer = Math.max(video.videoWidth, video.videoHeight);
  const share = Math.min(1, LONGEST_FRAME_PX / longer);
  const picture = await (share < 1
    ? createImageBitmap(video, { resizeWidth: Math.round(video.videoWidth * share), resizeQuality: "medium" })
    : createImageBitmap(video));
  return { picture, optics: null, gate: gate(), pose, search_px: FRAME_SEARCH_PX, still_px: still_px ?? longer };
}

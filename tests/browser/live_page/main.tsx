/** Shows the live camera that a test looks at, and hands it photographs to judge. */

import { render } from "preact";
import "../../../app/web/shared/base.css";
import "../../../app/web/shared/parts.css";
import { language, type Language } from "../../../app/web/shared/language";
import { Analyst, FRAME_SEARCH_PX } from "../../../app/web/capture/live/analyst";
import { strip, type Optics } from "../../../app/web/capture/live/jpeg_header";
import type { Judgement } from "../../../app/web/capture/live/judge";
import { LiveCamera, type GateLimits, type GateSentences } from "../../../app/web/capture/live/live_camera";
import type { PoseName } from "../../../app/web/shared/wire";
import { judgeStill, type TabletCriterion } from "../../../app/web/capture/live/verdict";

interface Shown {
  gate: GateLimits;
  sentences: GateSentences;
  language: Language;
  pose?: PoseName;
}

declare global {
  interface Window {
    /** What came of the camera: photographs' sizes and types, and whether there was none. */
    came: { photos: { type: string; bytes: number }[]; unavailable: number };
    show: (shown: Shown) => void;
    hide: () => void;
    stripAt: (address: string) => Promise<{ bytes: number[]; optics: Optics }>;
    judgeAt: (address: string, gate: GateLimits, pose?: PoseName) => Promise<{ criteria: TabletCriterion[]; ms: number }>;
    frameAt: (address: string, gate: GateLimits, still_px: number, pose?: PoseName) => Promise<Judgement>;
  }
}

const place = document.getElementById("app")!;

window.came = { photos: [], unavailable: 0 };

window.show = ({ gate, sentences, language: chosen, pose = "flat" }) => {
  language.value = chosen;
  render(
    <main>
      <LiveCamera
        gate={gate}
        sentences={sentences}
        pose={pose}
        onStill={(photo) => window.came.photos.push({ type: photo.type, bytes: photo.size })}
        onUnavailable={() => (window.came.unavailable += 1)}
      />
    </main>,
    place,
  );
};

window.hide = () => render(null, place);

window.stripAt = async (address) => {
  const { bytes, optics } = strip(await (await fetch(address)).arrayBuffer());
  return { bytes: [...new Uint8Array(bytes)], optics };
};

window.judgeAt = async (address, gate, pose = "flat") => {
  const { bytes, optics } = strip(await (await fetch(address)).arrayBuffer());
  const start = performance.now();
  const criteria = await judgeStill(new Blob([bytes], { type: "image/jpeg" }), optics, gate, pose);
  return { criteria, ms: performance.now() - start };
};

let analyst: Analyst | null = null;

window.frameAt = async (address, gate, still_px, pose = "flat") => {
  analyst ??= new Analyst();
  const picture = await createImageBitmap(await (await fetch(address)).blob());
  return analyst.ask({ picture, optics: null, gate, pose, search_px: FRAME_SEARCH_PX, still_px });
};

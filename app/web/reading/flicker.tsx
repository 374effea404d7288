/** Reads A and B shown in turn on one picture, or by hand. */

import { useEffect, useState } from "preact/hooks";
import { t } from "../shared/language";
import type { SideName } from "../shared/wire";

/** Two changes a second: the eye is drawn to what jumps, and far from what may cause a seizure (WCAG 2.3.1). */
const CHANGE_MS = 500;

export interface Flicker {
  shown: SideName;
  running: boolean;
  run: (running: boolean) => void;
  turn: () => void;
}

function prefersStillness(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

export function useFlicker(active: boolean): Flicker {
  const [shown, show] = useState<SideName>("A");
  const [running, run] = useState(() => !prefersStillness());
  const turn = (): void => show((side) => (side === "A" ? "B" : "A"));
  useEffect(() => {
    if (!active || !running) return undefined;
    const timer = setInterval(turn, CHANGE_MS);
    return () => clearInterval(timer);
  }, [active, running]);
  return { shown, running, run, turn };
}

export function FlickerButtons({ flicker }: { flicker: Flicker }) {
  return (
    <div class="flicker-buttons">
      <button type="button" class="button small" onClick={() => flicker.run(!flicker.running)}>
        {t(flicker.running ? "desk.judge.pause" : "desk.judge.play")}
      </button>
      <button
        type="button"
        class="button small"
        onClick={() => {
          flicker.run(false);
          flicker.turn();
        }}
      >
        {t("desk.judge.other")}
      </button>
    </div>
  );
}

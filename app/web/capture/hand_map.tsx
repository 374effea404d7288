/** Both hands from both sides: ulcers at their place, every finger a target. */

import { useState } from "preact/hooks";
import { t, tn, word } from "../shared/language";
import type { Digit, Hand, Ulcer } from "../shared/wire";
import { FINGERS, HEIGHT, PALM, WIDTH, spot, thumbLeft, viewOf, type Finger, type View } from "./hand_shape";

export interface Touched {
  hand: Hand;
  view: View;
  digit: Digit;
}

interface MapProps {
  ulcers: readonly Ulcer[];
  /** Ulcers with a visit due now. */
  due: ReadonlySet<string>;
  touch: (touched: Touched) => void;
}

const HANDS: readonly Hand[] = ["left", "right"];
const VIEWS: readonly View[] = ["palmar", "dorsal"];

/** Palms and backs: side by side where there is room for both, else one pair at a time. */
export function HandMap({ ulcers, due, touch }: MapProps) {
  const [shown, show] = useState<View>("palmar");
  const on = (view: View) => ulcers.filter((ulcer) => viewOf(ulcer.surface) === view);
  return (
    <div class={`hand-map ${shown}`} role="group" aria-label={t("hands.map")}>
      <div class="views">
        {VIEWS.map((view) => (
          <button key={view} type="button" class="pick answer" aria-pressed={shown === view} onClick={() => show(view)}>
            {t(`hands.show.${view}`)}
            {on(view).length > 0 && <span class="views-count">{tn("flow.ulcers", on(view).length)}</span>}
          </button>
        ))}
      </div>
      {VIEWS.map((view) => (
        <div key={view} class={`hand-pair ${view}`}>
          {HANDS.map((hand) => (
            <figure key={hand} class="hand">
              <figcaption>{word("hand_view", `${hand}_${view}`)}</figcaption>
              <HandPicture
                hand={hand}
                view={view}
                ulcers={on(view).filter((ulcer) => ulcer.hand === hand)}
                due={due}
                touch={touch}
              />
            </figure>
          ))}
        </div>
      ))}
    </div>
  );
}

interface PictureProps extends MapProps {
  hand: Hand;
  view: View;
}

function HandPicture({ hand, view, ulcers, due, touch }: PictureProps) {
  const mirrored = !thumbLeft(hand, view);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
      <g transform={mirrored ? `translate(${WIDTH} 0) scale(-1 1)` : undefined}>
        <path class="palm" d={PALM} />
        {FINGERS.map((finger) => (
          <FingerTarget
            key={finger.digit}
            finger={finger}
            view={view}
            label={labelOf(finger.digit, hand, view, ulcers)}
            touch={() => touch({ hand, view, digit: finger.digit })}
          />
        ))}
        {view === "palmar" && <path class="crease" d="M84 190C116 166 160 168 204 178M72 232C96 196 150 196 196 214" />}
      </g>
      {ulcers.map((ulcer) => (
        <Pin key={ulcer.id} ulcer={ulcer} mirrored={mirrored} due={due.has(ulcer.id)} />
      ))}
    </svg>
  );
}

function labelOf(digit: Digit, hand: Hand, view: View, ulcers: readonly Ulcer[]): string {
  const values = { digit: word("digit", digit), view: word("hand_view", `${hand}_${view}`) };
  const here = ulcers.filter((ulcer) => ulcer.digit === digit).length;
  return here === 0 ? t("hands.digit", values) : tn("hands.digit_with", here, values);
}

/** Room around a finger that also answers to a glove. */
const AROUND = 6;

interface TargetProps {
  finger: Finger;
  view: View;
  label: string;
  touch: () => void;
}

function FingerTarget({ finger, view, label, touch }: TargetProps) {
  const { x, y, lean_deg, length, width, joints } = finger;
  const half = width / 2;
  return (
    <g
      class="finger"
      role="button"
      tabIndex={0}
      aria-label={label}
      transform={`translate(${x} ${y}) rotate(${lean_deg})`}
      onClick={touch}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        touch();
      }}
    >
      <rect class="around" x={-half - AROUND} y={-length - AROUND} width={width + 2 * AROUND} height={length + AROUND + 4} rx={half} />
      <path
        class="skin"
        d={`M${-half} 10V${-length + half}A${half} ${half} 0 0 1 ${half} ${-length + half}V10`}
      />
      {joints.map((joint) => (
        <path key={joint} class="crease" d={creaseAt(-joint * length, half, view)} />
      ))}
      {view === "dorsal" && (
        <rect class="nail" x={-half * 0.52} y={-length + 5} width={half * 1.04} height={half * 1.2} rx={half * 0.45} />
      )}
    </g>
  );
}

/** Palms crease across; backs wrinkle over the joint. */
function creaseAt(y: number, half: number, view: View): string {
  const reach = half * 0.72;
  const bow = view === "palmar" ? 3 : -3;
  return `M${-reach} ${y}Q0 ${y + bow} ${reach} ${y}M${-reach * 0.8} ${y + 5}Q0 ${y + 5 + bow} ${reach * 0.8} ${y + 5}`;
}

const HALF_TURN_DEG = 180;

function Pin({ ulcer, mirrored, due }: { ulcer: Ulcer; mirrored: boolean; due: boolean }) {
  const finger = FINGERS.find((one) => one.digit === ulcer.digit)!;
  const { across, up } = spot(finger, ulcer);
  const lean = (finger.lean_deg * Math.PI) / HALF_TURN_DEG;
  const left = finger.x + across * Math.cos(lean) + up * Math.sin(lean);
  const top = finger.y + across * Math.sin(lean) - up * Math.cos(lean);
  return (
    <g class={due ? "ulcer-pin due" : "ulcer-pin"} transform={`translate(${mirrored ? WIDTH - left : left} ${top})`} aria-hidden="true">
      <circle r="13" />
      <text dy="4.5">{ulcer.code}</text>
    </g>
  );
}

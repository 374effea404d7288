/** The shape of a hand with its fingers up and its thumb on the left; the other hands are its mirror image. */

import type { Digit, Hand, HandSide, Phalanx, Place, Surface } from "../shared/wire";

export type View = "palmar" | "dorsal";

export interface Finger {
  digit: Digit;
  /** Where it leaves the palm, its lean to the right, its length and width; in the drawing's units. */
  x: number;
  y: number;
  lean_deg: number;
  length: number;
  width: number;
  /** Joints from base to tip, as shares of the length. */
  joints: readonly number[];
}

export const WIDTH = 260;
export const HEIGHT = 310;

/** Own drawing; proportions of phalanges as in adults' hands, about 4 : 2.5 : 2. */
export const FINGERS: readonly Finger[] = [
  { digit: "thumb", x: 64, y: 214, lean_deg: -44, length: 92, width: 34, joints: [0.52] },
  { digit: "index", x: 86, y: 142, lean_deg: -9, length: 106, width: 32, joints: [0.44, 0.73] },
  { digit: "middle", x: 124, y: 130, lean_deg: -2, length: 118, width: 33, joints: [0.44, 0.73] },
  { digit: "ring", x: 161, y: 138, lean_deg: 6, length: 108, width: 31, joints: [0.44, 0.73] },
  { digit: "little", x: 194, y: 160, lean_deg: 15, length: 86, width: 28, joints: [0.44, 0.73] },
];

export const PALM =
  "M86 300C82 274 58 250 46 224C40 208 52 196 66 200C74 190 70 160 70 146C78 128 200 128 208 160C212 210 190 262 186 300Z";

/** Both hands held up before one: which pictures show the thumb on the left. */
export function thumbLeft(hand: Hand, view: View): boolean {
  return (hand === "right") === (view === "dorsal");
}

/** On which picture an ulcer of this surface is drawn. */
export function viewOf(surface: Surface): View {
  return surface === "dorsal" || surface === "periungual" ? "dorsal" : "palmar";
}

function middleOf(finger: Finger, phalanx: Phalanx, surface: Surface): number {
  if (surface === "tip") return 0.97;
  const [first = 0, second = first] = finger.joints;
  if (phalanx === "distal") return (second + 1) / 2;
  return phalanx === "middle" ? (first + second) / 2 : first / 2;
}

const ASIDE: Record<HandSide, number> = { radial: -0.28, central: 0, ulnar: 0.28 };

/** Where an ulcer lies in its finger: across from the middle line and up from the base, in the drawing's units. */
export function spot(finger: Finger, place: Pick<Place, "phalanx" | "surface" | "side">): { across: number; up: number } {
  return {
    across: ASIDE[place.side] * finger.width,
    up: middleOf(finger, place.phalanx, place.surface) * finger.length,
  };
}

export interface Cell {
  phalanx: Phalanx;
  surface: Surface;
}

/** The places of one side of a digit, from its tip down; a thumb has no middle phalanx. */
export function cells(digit: Digit, view: View): Cell[] {
  const all: Cell[] =
    view === "palmar"
      ? [
          { phalanx: "distal", surface: "tip" },
          { phalanx: "distal", surface: "pulp" },
          { phalanx: "middle", surface: "palmar" },
          { phalanx: "proximal", surface: "palmar" },
        ]
      : [
          { phalanx: "distal", surface: "periungual" },
          { phalanx: "distal", surface: "dorsal" },
          { phalanx: "middle", surface: "dorsal" },
          { phalanx: "proximal", surface: "dorsal" },
        ];
  return digit === "thumb" ? all.filter((cell) => cell.phalanx !== "middle") : all;
}

/** From left to right as the picture shows them: the thumb's side is where the thumb is. */
export function sides(hand: Hand, view: View): readonly HandSide[] {
  return thumbLeft(hand, view) ? ["radial", "central", "ulnar"] : ["ulnar", "central", "radial"];
}

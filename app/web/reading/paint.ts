/** Paints outlines, strokes under way and agreement on the canvas above the picture. */

import type { Size } from "../shared/viewport";
import type { At } from "./corners";
import { filled } from "./mask";
import type { Corner, Ring, Rings } from "./rings";
import { origin, toFrame, type Sight } from "./sight";
import type { StrokeTool } from "./strokes";

export type Look = "own" | "machine" | "A" | "B";

export interface Layer {
  look: Look;
  rings: Rings;
}

/** Colour and dashes, so that no outline is told from another by its colour alone. */
const LOOKS: Record<Look, { colour: string; dashes: number[]; letter: string | null }> = {
  own: { colour: "#00e5ff", dashes: [], letter: null },
  machine: { colour: "#ffd60a", dashes: [11, 7], letter: null },
  A: { colour: "#00e5ff", dashes: [], letter: "A" },
  B: { colour: "#ff9df5", dashes: [4, 2.5], letter: "B" },
};

/** Under each line a darker one: seen on skin of any colour, on fibrin and on necrosis. */
const CASING = { colour: "rgb(8 16 20 / 75%)", extra_px: 2.5 };
const LINE_PX = 2.25;
const ADDING = "rgb(0 229 255 / 38%)";
const CUTTING = "rgb(255 120 90 / 42%)";
const DOT_PX = 4;
const CHOSEN_PX = 7;
const DOT_APART_PX = 14;

export interface Place {
  sight: Sight;
  frame: Size;
}

/** A canvas of the frame's size, cleared, in CSS pixels whatever the screen's density. */
export function cleared(canvas: HTMLCanvasElement, frame: Size): CanvasRenderingContext2D | null {
  const density = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(frame.width * density), Math.round(frame.height * density)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const pen = canvas.getContext("2d");
  pen?.setTransform(density, 0, 0, density, 0, 0);
  pen?.clearRect(0, 0, frame.width, frame.height);
  return pen;
}

function follow(pen: CanvasRenderingContext2D, place: Place, path: Ring, closed: boolean): void {
  path.forEach((corner, i) => {
    const [x, y] = toFrame(place.sight, place.frame, corner);
    if (i === 0) pen.moveTo(x, y);
    else pen.lineTo(x, y);
  });
  if (closed) pen.closePath();
}

export function paintLayer(pen: CanvasRenderingContext2D, place: Place, { look, rings }: Layer): void {
  const { colour, dashes, letter } = LOOKS[look];
  pen.beginPath();
  for (const ring of rings) follow(pen, place, ring, true);
  pen.lineJoin = "round";
  pen.setLineDash([]);
  pen.strokeStyle = CASING.colour;
  pen.lineWidth = LINE_PX + CASING.extra_px;
  pen.stroke();
  pen.setLineDash(dashes);
  pen.strokeStyle = colour;
  pen.lineWidth = look === "B" ? LINE_PX + 0.75 : LINE_PX;
  pen.stroke();
  pen.setLineDash([]);
  if (letter && rings[0]) paintLetter(pen, place, letter, colour, rings[0]);
}

function paintLetter(pen: CanvasRenderingContext2D, place: Place, letter: string, colour: string, ring: Ring): void {
  const from = letter === "A" ? Math.min : Math.max;
  const edge = from(...ring.map(([x]) => x));
  const corner = ring.find(([x]) => x === edge)!;
  const [x, y] = toFrame(place.sight, place.frame, corner);
  const aside = letter === "A" ? x - 14 : x + 14;
  pen.beginPath();
  pen.arc(aside, y, 10, 0, 2 * Math.PI);
  pen.fillStyle = "rgb(8 16 20 / 85%)";
  pen.fill();
  pen.fillStyle = colour;
  pen.font = "700 13px sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(letter, aside, y + 0.5);
}

/** The stroke while the pointer is down. */
export function paintStroke(
  pen: CanvasRenderingContext2D, place: Place, tool: StrokeTool, path: Ring, radius_px: number,
): void {
  const adds = tool === "brush" || tool === "lasso_add";
  const colour = adds ? ADDING : CUTTING;
  pen.beginPath();
  const isBrush = tool === "brush" || tool === "eraser";
  follow(pen, place, path.length === 1 ? [path[0]!, path[0]!] : path, !isBrush);
  pen.lineJoin = "round";
  pen.lineCap = "round";
  if (isBrush) {
    pen.strokeStyle = colour;
    pen.lineWidth = 2 * radius_px * place.sight.zoom;
    pen.stroke();
  } else {
    pen.fillStyle = colour;
    pen.fill();
    pen.strokeStyle = "#fff";
    pen.lineWidth = 1.5;
    pen.setLineDash([5, 4]);
    pen.stroke();
    pen.setLineDash([]);
  }
  pen.lineCap = "butt";
}

/** The brush where it would draw: white within dark, seen on any ground. */
export function paintBrush(pen: CanvasRenderingContext2D, place: Place, at: Corner, radius_px: number): void {
  const [x, y] = toFrame(place.sight, place.frame, at);
  for (const [colour, width] of [["rgb(8 16 20 / 80%)", 3], ["#fff", 1.25]] as const) {
    pen.beginPath();
    pen.arc(x, y, Math.max(1, radius_px * place.sight.zoom), 0, 2 * Math.PI);
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
  }
}

/** Corners to take hold of; of those that lie close together only some are shown, all can be chosen. */
export function paintCorners(pen: CanvasRenderingContext2D, place: Place, rings: Rings, chosen: At | null): void {
  rings.forEach((ring, r) => {
    let last: Corner = [-Infinity, -Infinity];
    ring.forEach((corner, c) => {
      const at = toFrame(place.sight, place.frame, corner);
      if (chosen?.ring === r && chosen.corner === c) return;
      if (Math.hypot(at[0] - last[0], at[1] - last[1]) < DOT_APART_PX) return;
      last = at;
      paintDot(pen, at, false);
    });
  });
  const corner = chosen && rings[chosen.ring]?.[chosen.corner];
  if (corner) paintDot(pen, toFrame(place.sight, place.frame, corner), true);
}

/** The chosen corner is square, larger and of another colour. */
function paintDot(pen: CanvasRenderingContext2D, [x, y]: Corner, isChosen: boolean): void {
  pen.fillStyle = isChosen ? "#ffd60a" : "#fff";
  pen.strokeStyle = "#08141a";
  pen.lineWidth = isChosen ? 2.5 : 1.5;
  pen.beginPath();
  if (isChosen) pen.rect(x - CHOSEN_PX, y - CHOSEN_PX, 2 * CHOSEN_PX, 2 * CHOSEN_PX);
  else pen.arc(x, y, DOT_PX, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
}

/** How regions of the agreement map are hatched: both, A only, B only; RGBA, and where a stripe is. */
const REGIONS = [
  { rgba: [60, 200, 120, 150], striped: () => true },
  { rgba: [0, 229, 255, 215], striped: (x: number, y: number) => (x + y) % 8 < 4 },
  { rgba: [255, 157, 245, 215], striped: (x: number, y: number) => (((x - y) % 8) + 8) % 8 < 4 },
] as const;

/** Where two drawings agree, pixel by pixel on the picture's grid. */
export function agreementMap(one: Rings, other: Rings, { width, height }: Size): HTMLCanvasElement {
  const [a, b] = [filled(one, width, height).bits, filled(other, width, height).bits];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d")!;
  const map = pen.createImageData(width, height);
  for (let i = 0; i < a.length; i++) {
    if (!a[i] && !b[i]) continue;
    const region = REGIONS[a[i] && b[i] ? 0 : a[i] ? 1 : 2];
    if (region.striped(i % width, Math.floor(i / width))) map.data.set(region.rgba, 4 * i);
  }
  pen.putImageData(map, 0, 0);
  return canvas;
}

export function paintMap(pen: CanvasRenderingContext2D, place: Place, map: HTMLCanvasElement): void {
  const [x, y] = origin(place.sight, place.frame);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(map, x, y, map.width * place.sight.zoom, map.height * place.sight.zoom);
}

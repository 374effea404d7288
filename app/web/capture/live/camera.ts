/** The camera over the card, from the markers' corners: pose, focal length, lens and print together.
 *
 * One least-squares problem as the service's calibration/camera.py solves it, without the card's bow: what is known of
 * the lens beforehand stands beside the corners. */

import { normalEquations, solve, type Homography, type Point } from "./algebra";
import { markerArea, markerCornersMm } from "./digit_card";
import { planeOf, type Sighting } from "./find_markers";
import type { LensPrior } from "./lens";

/** Spread of a refined corner. */
const CORNER_SD_PX = 0.12;

const ROUNDS = 30;
/** Levenberg and Marquardt: how much of a Newton step is held back at first, and by which factor that changes. */
const FIRST_DAMPING = 1e-3;
const DAMPING_FACTOR = 10;
/** A round that betters the sum of squares by less than this share is the last. */
const CONVERGED = 1e-7;

/** Steps of the numerical derivatives: rotation, translation in mm, log focal, k1, principal point in px, ink in mm. */
const DERIVATIVE_STEPS = [1e-6, 1e-6, 1e-6, 1e-4, 1e-4, 1e-4, 1e-6, 1e-5, 1e-3, 1e-3, 1e-5] as const;

const POSE = 6;

/** Turns and axes smaller than these are none: their direction is rounding. */
const NO_TURN_RAD = 1e-12;
const NO_AXIS = 1e-6;

/** x, y, z of the card's frame: z points into the table, so that heights are −z. */
export type Place = readonly [number, number, number];

export class Camera {
  private readonly rotation: number[];

  constructor(private readonly values: readonly number[]) {
    this.rotation = rotationOf(values.slice(0, 3));
  }

  get focal_px(): number {
    return Math.exp(this.values[6]!);
  }

  /** Between the optical axis and the card's normal. */
  get tilt_deg(): number {
    return (Math.acos(Math.min(1, Math.max(-1, this.rotation[8]!))) * 180) / Math.PI;
  }

  /** From the lens to the point of the card's plane that it looks at. */
  get distance_mm(): number {
    const [r, t] = [this.rotation, this.values.slice(3, 6)];
    return (r[2]! * t[0]! + r[5]! * t[1]! + r[8]! * t[2]!) / r[8]!;
  }

  project(place: Place): Point {
    return projected(this.values, this.rotation, place);
  }

  /** Pixels to a millimetre across the line of sight. */
  scale_px_per_mm([x, y, z]: Place): number {
    const r = this.rotation;
    return this.focal_px / (r[6]! * x + r[7]! * y + r[8]! * z + this.values[5]!);
  }
}

/** The most probable camera; null where the corners allow none. */
export function estimateCamera(markers: readonly Sighting[], prior: LensPrior): Camera | null {
  const plane = planeOf(markers);
  const pose = plane && poseOf(plane, prior);
  if (!pose) return null;
  let values = [...pose, ...prior.expected];
  let left = residuals(values, markers, prior);
  let squares = sumOfSquares(left);
  let damping = FIRST_DAMPING;
  for (let round = 0; round < ROUNDS; round++) {
    const [square, side] = normalEquations(slopes(values, left, markers, prior), left);
    square.forEach((row, i) => (row[i]! *= 1 + damping));
    const step = solve(square, side);
    if (!step) return null;
    const tried = values.map((value, i) => value - step[i]!);
    const triedLeft = residuals(tried, markers, prior);
    const triedSquares = sumOfSquares(triedLeft);
    if (!(triedSquares < squares)) {
      damping *= DAMPING_FACTOR;
      continue;
    }
    const bettered = squares - triedSquares;
    [values, left, squares, damping] = [tried, triedLeft, triedSquares, damping / DAMPING_FACTOR];
    if (bettered < CONVERGED * squares) break;
  }
  return new Camera(values);
}

function sumOfSquares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

function residuals(values: readonly number[], markers: readonly Sighting[], prior: LensPrior): number[] {
  const rotation = rotationOf(values.slice(0, 3));
  const ink_mm = values[10]!;
  const left: number[] = [];
  for (const { id, corners } of markers) {
    const area = markerArea(id);
    const middle = [(area.left + area.right) / 2, (area.top + area.bottom) / 2] as const;
    markerCornersMm(id).forEach(([x, y], i) => {
      const printed: Place = [x + ink_mm * Math.sign(x - middle[0]), y + ink_mm * Math.sign(y - middle[1]), 0];
      const [u, v] = projected(values, rotation, printed);
      left.push((u - corners[i]![0]) / CORNER_SD_PX, (v - corners[i]![1]) / CORNER_SD_PX);
    });
  }
  prior.expected.forEach((expected, i) => left.push((values[POSE + i]! - expected) / prior.sd[i]!));
  return left;
}

function slopes(values: readonly number[], left: readonly number[], markers: readonly Sighting[], prior: LensPrior): number[][] {
  const columns = DERIVATIVE_STEPS.map((step, i) => {
    const moved = values.map((value, k) => (k === i ? value + step : value));
    return residuals(moved, markers, prior).map((value, k) => (value - left[k]!) / step);
  });
  return left.map((_, k) => columns.map((column) => column[k]!));
}

function projected(values: readonly number[], r: readonly number[], [x, y, z]: Place): Point {
  const depth = r[6]! * x + r[7]! * y + r[8]! * z + values[5]!;
  const u = (r[0]! * x + r[1]! * y + r[2]! * z + values[3]!) / depth;
  const v = (r[3]! * x + r[4]! * y + r[5]! * z + values[4]!) / depth;
  const bend = Math.exp(values[6]!) * (1 + values[7]! * (u * u + v * v));
  return [bend * u + values[8]!, bend * v + values[9]!];
}

/** Rodrigues: the matrix, row by row, of a turn about an axis by the axis' length. */
function rotationOf([x, y, z]: readonly number[]): number[] {
  const angle = Math.hypot(x!, y!, z!);
  if (angle < NO_TURN_RAD) return [1, -z!, y!, z!, 1, -x!, -y!, x!, 1];
  const [ux, uy, uz] = [x! / angle, y! / angle, z! / angle];
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const k = 1 - c;
  return [
    c + k * ux * ux, k * ux * uy - s * uz, k * ux * uz + s * uy,
    k * ux * uy + s * uz, c + k * uy * uy, k * uy * uz - s * ux,
    k * ux * uz - s * uy, k * uy * uz + s * ux, c + k * uz * uz,
  ];
}

/** Turn and way of the flat card seen through the expected lens (Zhang 2000); six numbers. */
function poseOf(h: Homography, { expected }: LensPrior): number[] | null {
  const focal_px = Math.exp(expected[0]!);
  const column = (k: number) => [
    (h[k]! - expected[2]! * h[6 + k]!) / focal_px,
    (h[3 + k]! - expected[3]! * h[6 + k]!) / focal_px,
    h[6 + k]!,
  ];
  const [a, b, t] = [column(0), column(1), column(2)];
  const size = Math.sqrt(Math.hypot(...a) * Math.hypot(...b)) * Math.sign(t[2]!);
  if (!Number.isFinite(size) || size === 0) return null;
  const first = unit(a.map((value) => value / size));
  const lean = dot(first, b) / size;
  const second = unit(b.map((value, i) => value / size - lean * first[i]!));
  const third = cross(first, second);
  return [...axisOf(first, second, third), ...t.map((value) => value / size)];
}

/** The vector of a turn whose matrix has these columns. */
function axisOf(a: number[], b: number[], c: number[]): number[] {
  const angle = Math.acos(Math.min(1, Math.max(-1, (a[0]! + b[1]! + c[2]! - 1) / 2)));
  const axis = [b[2]! - c[1]!, c[0]! - a[2]!, a[1]! - b[0]!];
  const length = Math.hypot(...axis);
  if (length > NO_AXIS) return axis.map((value) => (value / length) * angle);
  if (angle < 1) return [0, 0, 0];
  // A half turn: the axis is the column that the turn leaves where it is.
  const squares = [a[0]!, b[1]!, c[2]!].map((value) => Math.sqrt(Math.max(0, (value + 1) / 2)));
  const signs = [1, Math.sign(a[1]! || 1), Math.sign(a[2]! || 1)];
  return squares.map((value, i) => value * signs[i]! * Math.PI);
}

function unit(v: number[]): number[] {
  const length = Math.hypot(...v);
  return v.map((value) => value / length);
}

function dot(a: number[], b: number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function cross(a: number[], b: number[]): number[] {
  return [
    a[1]! * b[2]! - a[2]! * b[1]!,
    a[2]! * b[0]! - a[0]! * b[2]!,
    a[0]! * b[1]! - a[1]! * b[0]!,
  ];
}

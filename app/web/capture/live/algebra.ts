/** Small linear algebra: systems of equations, and the homography between two planes. */

/** x, y. */
export type Point = readonly [number, number];

/** Nine numbers, row by row. */
export type Homography = readonly number[];

/** Pivots smaller than this share of the largest entry leave a system without an answer. */
const SINGULAR_SHARE = 1e-13;

/** x of A x = b by elimination with pivoting; null where A is singular. Neither is changed. */
export function solve(a: readonly (readonly number[])[], b: readonly number[]): number[] | null {
  const rows = a.map((row, i) => [...row, b[i]!]);
  const n = rows.length;
  const least = SINGULAR_SHARE * Math.max(...a.flat().map(Math.abs));
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    }
    if (!(Math.abs(rows[pivot]![column]!) > least)) return null;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const head = rows[column]!;
    for (let row = column + 1; row < n; row++) {
      const under = rows[row]!;
      const share = under[column]! / head[column]!;
      for (let k = column; k <= n; k++) under[k]! -= share * head[k]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let row = n - 1; row >= 0; row--) {
    let rest = rows[row]![n]!;
    for (let k = row + 1; k < n; k++) rest -= rows[row]![k]! * x[k]!;
    x[row] = rest / rows[row]![row]!;
  }
  return x;
}

/** Jᵀ J and Jᵀ r of a Jacobian given row by row. */
export function normalEquations(rows: readonly (readonly number[])[], r: readonly number[]): [number[][], number[]] {
  const n = rows[0]?.length ?? 0;
  const square = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const side = new Array<number>(n).fill(0);
  rows.forEach((row, k) => {
    for (let i = 0; i < n; i++) {
      side[i]! += row[i]! * r[k]!;
      for (let j = 0; j <= i; j++) square[i]![j]! += row[i]! * row[j]!;
    }
  });
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) square[j]![i] = square[i]![j]!;
  return [square, side];
}

interface Scaling {
  middle: Point;
  size: number;
}

/** Middle and mean distance from it: coordinates in these units keep the equations well conditioned. */
function scalingOf(points: readonly Point[]): Scaling {
  const middle = meanOf(points);
  const size = points.reduce((sum, p) => sum + distance(p, middle), 0) / points.length;
  return { middle, size: size || 1 };
}

/** The homography that carries `from` to `to` in the sense of least squares; null for fewer than four points. */
export function fitHomography(from: readonly Point[], to: readonly Point[]): Homography | null {
  if (from.length < 4) return null;
  const [a, b] = [scalingOf(from), scalingOf(to)];
  const rows: number[][] = [];
  const target: number[] = [];
  from.forEach((point, i) => {
    const [x, y] = [(point[0] - a.middle[0]) / a.size, (point[1] - a.middle[1]) / a.size];
    const [u, v] = [(to[i]![0] - b.middle[0]) / b.size, (to[i]![1] - b.middle[1]) / b.size];
    rows.push([x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]);
    target.push(u, v);
  });
  const found = solve(...normalEquations(rows, target));
  if (!found) return null;
  const inner = [...found, 1];
  const before = [1 / a.size, 0, -a.middle[0] / a.size, 0, 1 / a.size, -a.middle[1] / a.size, 0, 0, 1];
  const after = [b.size, 0, b.middle[0], 0, b.size, b.middle[1], 0, 0, 1];
  return product(after, product(inner, before));
}

/** The product of two 3 × 3 matrices. */
export function product(a: readonly number[], b: readonly number[]): number[] {
  const out = new Array<number>(9).fill(0);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      for (let k = 0; k < 3; k++) out[3 * i + j]! += a[3 * i + k]! * b[3 * k + j]!;
    }
  }
  return out;
}

export function carried(h: Homography, [x, y]: Point): Point {
  const w = h[6]! * x + h[7]! * y + h[8]!;
  return [(h[0]! * x + h[1]! * y + h[2]!) / w, (h[3]! * x + h[4]! * y + h[5]!) / w];
}

export function meanOf(points: readonly Point[]): Point {
  const sum = points.reduce<[number, number]>((s, p) => [s[0] + p[0], s[1] + p[1]], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** Linear between neighbours, as numpy's percentile. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort();
  const place = (percent / 100) * (sorted.length - 1);
  const low = Math.floor(place);
  const next = sorted[Math.min(low + 1, sorted.length - 1)]!;
  return sorted[low]! + (place - low) * (next - sorted[low]!);
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The sides of a marker between dark and light, in linear light: where they run, and how sharp they are.
 *
 * As the service's calibration/edges.py, with fewer profiles: blur leaves a straight edge's half-way point where it
 * is, and the area between the profile and an ideal step tells the blur. */

import { distance, meanOf, median, type Point } from "./algebra";
import { lightAt, type Grey } from "./picture";

/** Half length of the profiles as a share of the side: just under half a module. */
const HALF_WIDTH_SHARE = 0.075;
/** Shorter ones do not hold the spread of a sharp edge. */
const LEAST_HALF_WIDTH_PX = 3;
const STEP_PX = 0.25;

/** Half of the service's: a sixth of its time, and noise still averages to a few hundredths of a pixel. */
const PROFILES_PER_EDGE = 24;
const CORNER_MARGIN_SHARE = 0.12;

/** Least step of linear light that counts as a printed edge. */
const LEAST_CONTRAST = 0.08;

/** Share of a profile at either end that tells its dark and its light level. */
const PLATEAU_SHARE = 0.2;

/** Residual from which a profile's weight falls. */
const HUBER_PX = 0.25;
const FIT_ROUNDS = 5;

export interface RefinedMarker {
  corners: Point[];
  /** Standard deviation of the edges' spread, median of the four. */
  blur_px: number;
}

interface Line {
  through: Point;
  along: Point;
}

/** Lines through the four sides, and their crossings; null when a side shows too little of an edge. */
export function refineMarker(grey: Grey, corners: readonly Point[]): RefinedMarker | null {
  const first = fitSides(grey, corners);
  // From the first fit's corners the profiles lie centred on the edge.
  return first && fitSides(grey, first.corners);
}

function fitSides(grey: Grey, corners: readonly Point[]): RefinedMarker | null {
  const middle = meanOf(corners);
  const lines: Line[] = [];
  const blurs: number[] = [];
  for (let i = 0; i < 4; i++) {
    const side = fitSide(grey, corners[i]!, corners[(i + 1) % 4]!, middle);
    if (!side) return null;
    lines.push(side.line);
    blurs.push(side.blur_px);
  }
  const found = lines.map((line, i) => crossing(lines[(i + 3) % 4]!, line));
  if (found.some((p) => !Number.isFinite(p[0]) || !Number.isFinite(p[1]))) return null;
  return { corners: found, blur_px: median(blurs) };
}

function fitSide(grey: Grey, start: Point, end: Point, middle: Point): { line: Line; blur_px: number } | null {
  const side_px = distance(start, end);
  const along: Point = [(end[0] - start[0]) / side_px, (end[1] - start[1]) / side_px];
  let outward: Point = [along[1], -along[0]];
  if (outward[0] * (start[0] - middle[0]) + outward[1] * (start[1] - middle[1]) < 0) outward = [-outward[0], -outward[1]];
  const half_px = Math.max(LEAST_HALF_WIDTH_PX, HALF_WIDTH_SHARE * side_px);
  const steps = Math.floor((2 * half_px) / STEP_PX + 1.5);
  const places: Point[] = [];
  const profiles: Float64Array[] = [];
  for (let k = 0; k < PROFILES_PER_EDGE; k++) {
    const share = CORNER_MARGIN_SHARE + ((1 - 2 * CORNER_MARGIN_SHARE) * k) / (PROFILES_PER_EDGE - 1);
    const at: Point = [start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])];
    places.push(at);
    profiles.push(
      Float64Array.from({ length: steps }, (_, m) => {
        const offset = m * STEP_PX - half_px;
        return lightAt(grey, at[0] + offset * outward[0], at[1] + offset * outward[1]);
      }),
    );
  }
  const step = stepOf(profiles, half_px);
  if (!step) return null;
  const points = places.map<Point>((p, k) => [
    p[0] + step.position_px[k]! * outward[0],
    p[1] + step.position_px[k]! * outward[1],
  ]);
  return { line: fitLine(points), blur_px: step.blur_px };
}

/** Where each profile rises from dark to light, and how spread the rise is; null without enough contrast. */
export function stepOf(profiles: readonly Float64Array[], half_px: number): { position_px: number[]; blur_px: number } | null {
  const steps = profiles[0]!.length;
  const plateau = Math.max(2, Math.round(PLATEAU_SHARE * steps));
  const dark = levels(profiles.map((p) => p.subarray(0, plateau)));
  const light = levels(profiles.map((p) => p.subarray(steps - plateau)));
  if (light.some((level, k) => level - dark[k]! < LEAST_CONTRAST)) return null;
  let area = 0;
  const position_px = profiles.map((profile, k) => {
    const share = profile.map((value) => (value - dark[k]!) / (light[k]! - dark[k]!));
    const position = (steps - 1) * STEP_PX - half_px + STEP_PX / 2 - share.reduce((a, b) => a + b, 0) * STEP_PX;
    share.forEach((value, m) => {
      area += m * STEP_PX - half_px > position ? 1 - value : value;
    });
    return position;
  });
  const mean_px = (area * STEP_PX) / profiles.length;
  return { position_px, blur_px: Math.max(mean_px, 0) * Math.sqrt(Math.PI / 2) };
}

/** Level of a plateau at each profile, a straight line along the edge: light falls off across a card. */
function levels(plateaus: readonly Float64Array[]): number[] {
  const values = plateaus.map((p) => median([...p]));
  const n = values.length;
  const middle = (n - 1) / 2;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const spread = values.reduce((sum, _, k) => sum + (k - middle) ** 2, 0);
  const slope = values.reduce((sum, value, k) => sum + (k - middle) * (value - mean), 0) / spread;
  return values.map((_, k) => mean + slope * (k - middle));
}

/** The line of least orthogonal distance; strays count little. */
function fitLine(points: readonly Point[]): Line {
  let weights = points.map(() => 1);
  let line: Line = { through: points[0]!, along: [1, 0] };
  for (let round = 0; round < FIT_ROUNDS; round++) {
    const total = weights.reduce((a, b) => a + b, 0);
    const through: Point = [
      points.reduce((sum, p, k) => sum + weights[k]! * p[0], 0) / total,
      points.reduce((sum, p, k) => sum + weights[k]! * p[1], 0) / total,
    ];
    let [xx, xy, yy] = [0, 0, 0];
    points.forEach((p, k) => {
      const [dx, dy] = [p[0] - through[0], p[1] - through[1]];
      xx += weights[k]! * dx * dx;
      xy += weights[k]! * dx * dy;
      yy += weights[k]! * dy * dy;
    });
    const angle = Math.atan2(2 * xy, xx - yy) / 2;
    const along: Point = [Math.cos(angle), Math.sin(angle)];
    line = { through, along };
    weights = points.map((p) => {
      const off = Math.abs((p[1] - through[1]) * along[0] - (p[0] - through[0]) * along[1]);
      return Math.min(1, HUBER_PX / Math.max(off, 1e-9));
    });
  }
  return line;
}

function crossing(a: Line, b: Line): Point {
  const across = a.along[0] * b.along[1] - a.along[1] * b.along[0];
  const [dx, dy] = [b.through[0] - a.through[0], b.through[1] - a.through[1]];
  const share = (dx * b.along[1] - dy * b.along[0]) / across;
  return [a.through[0] + share * a.along[0], a.through[1] + share * a.along[1]];
}

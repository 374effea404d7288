/** One picture judged: the card found, its corners refined at full resolution, and every criterion held to its limit. */

import type { PoseName } from "../../shared/wire";
import { meanOf, median, type Point } from "./algebra";
import { estimateCamera, type Camera } from "./camera";
import { markerCornersMm } from "./digit_card";
import { refineMarker } from "./edges";
import { lookAtFinger, SCALE_PLACE } from "./finger";
import { cardOutline, findMarkers, planeOf, sideOf, type Sighting } from "./find_markers";
import { atLeast, atMost, refusal, type GateLimits, type TabletCriterion } from "./gate";
import type { Optics } from "./jpeg_header";
import { lensPrior } from "./lens";
import { paperLight, type CardCut } from "./paper_light";
import { greyOf, type Colours } from "./picture";
import { lookAtTip } from "./standing_tip";

/** A refined corner further than this share of the side from where it was found is not the same corner. */
const REFINED_SHIFT_LIMIT_SHARE = 0.12;

/** Round the card so much of its size is cut out with it: the finger stands out of its plane. */
const CUT_MARGIN_SHARE = 0.12;

/** The service measures nothing on fewer markers, whatever the protocol says. */
const LEAST_MARKERS = 3;

/** Spread of an edge, in its own pixels, that a perfectly sharp picture has: the pixels themselves and their scaling.
 * A frame of the video has larger pixels than the photograph will have; what they add is taken off again. Set on
 * rendered photographs of their own (benchmarks/live_guidance.py --seed 7). */
const PIXEL_BLUR_PX = 0.51;

/** A picture in pixels, of which parts are looked at in any size. */
export interface Source {
  width: number;
  height: number;
  /** The whole, no longer than this on its longer side. */
  whole(longest_px: number): Colours;
  /** A part at full resolution. */
  part(left: number, top: number, width: number, height: number): Colours;
}

export interface Setting {
  optics: Optics | null;
  gate: GateLimits;
  /** How the finger is to lie or to stand. */
  pose: PoseName;
  /** Longer side of the copy in which markers are looked for. */
  search_px: number;
  /** Longer side of the photograph that will be taken; null where the picture is the photograph itself. */
  still_px: number | null;
}

/** What was seen and what follows; corners in shares of the picture's width and height. */
export interface Judgement {
  criteria: TabletCriterion[];
  markers: { id: number; corners: Point[] }[];
  card: Point[] | null;
  tilt_deg: number | null;
  distance_mm: number | null;
}

export function judge(source: Source, setting: Setting): Judgement {
  const { markers, twice } = seen(source, setting.search_px);
  const limit = Math.max(LEAST_MARKERS, setting.gate.minimum_markers);
  const plane = planeOf(markers);
  const partial = (criterion: TabletCriterion): Judgement => ({
    criteria: [criterion],
    markers: shares(source, markers),
    card: null,
    tilt_deg: null,
    distance_mm: null,
  });
  if (twice) return partial(refusal("two_cards", markers.length, limit));
  if (markers.length === 0) return partial(refusal("no_card", 0, limit));
  if (!plane) return partial(refusal("too_few_markers", markers.length, limit));
  const outline = cardOutline(plane);
  const { colours, origin } = cutAround(source, outline);
  const refined = refine(colours, origin, markers);
  const camera =
    refined.length < limit
      ? null
      : estimateCamera(refined, lensPrior(source.width, source.height, setting.optics));
  if (!camera) return partial(refusal("too_few_markers", refined.length, limit));
  return {
    criteria: criteria({ colours, origin, camera }, refined, source, setting),
    markers: shares(source, refined),
    card: outline.map(([x, y]) => [x / source.width, y / source.height] as const),
    tilt_deg: camera.tilt_deg,
    distance_mm: camera.distance_mm,
  };
}

/** The markers in a small copy, in pixels of the source. */
function seen(source: Source, search_px: number): { markers: Sighting[]; twice: boolean } {
  const small = greyOf(source.whole(search_px));
  const found = findMarkers(small);
  const [across, down] = [source.width / small.width, source.height / small.height];
  const markers = found.markers.map(({ id, corners }) => ({
    id,
    corners: corners.map<Point>(([x, y]) => [(x + 0.5) * across - 0.5, (y + 0.5) * down - 0.5]),
  }));
  return { markers, twice: found.twice };
}

function cutAround(source: Source, outline: readonly Point[]): { colours: Colours; origin: Point } {
  const [xs, ys] = [outline.map((p) => p[0]), outline.map((p) => p[1])];
  const margin = CUT_MARGIN_SHARE * Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  const clip = (value: number, most: number) => Math.min(Math.max(Math.round(value), 0), most);
  const [left, top] = [clip(Math.min(...xs) - margin, source.width - 1), clip(Math.min(...ys) - margin, source.height - 1)];
  const [right, bottom] = [clip(Math.max(...xs) + margin, source.width), clip(Math.max(...ys) + margin, source.height)];
  const [width, height] = [Math.max(1, right - left), Math.max(1, bottom - top)];
  return { colours: source.part(left, top, width, height), origin: [left, top] };
}

interface Refined extends Sighting {
  blur_px: number;
}

function refine(colours: Colours, origin: Point, markers: readonly Sighting[]): Refined[] {
  const grey = greyOf(colours);
  return markers.flatMap((marker) => {
    const rough = marker.corners.map<Point>(([x, y]) => [x - origin[0], y - origin[1]]);
    const found = refineMarker(grey, rough);
    const limit_px = REFINED_SHIFT_LIMIT_SHARE * sideOf(marker);
    const moved = (p: Point, i: number) => Math.max(Math.abs(p[0] - rough[i]![0]), Math.abs(p[1] - rough[i]![1]));
    if (!found || found.corners.some((p, i) => moved(p, i) > limit_px)) return [];
    const corners = found.corners.map<Point>(([x, y]) => [x + origin[0], y + origin[1]]);
    return [{ id: marker.id, corners, blur_px: found.blur_px }];
  });
}

function criteria(cut: CardCut, markers: readonly Refined[], source: Source, setting: Setting): TabletCriterion[] {
  const { camera } = cut;
  const { gate, pose } = setting;
  const paper = paperLight(cut, markers.map((m) => m.id));
  const finger = paper && (pose === "tip" ? lookAtTip : lookAtFinger)(cut, paper);
  const scale_px_per_mm = camera.scale_px_per_mm(finger?.scale_place ?? SCALE_PLACE) * enlargement(source, setting);
  return [
    atLeast("too_few_markers", markers.length, Math.max(LEAST_MARKERS, gate.minimum_markers)),
    atMost("tilt_deg", camera.tilt_deg, gate.maximum_tilt_deg),
    atMost("blur_mm", blurMm(camera, markers, source, setting), gate.maximum_blur_mm),
    atLeast("even_light_percent", paper?.even_percent ?? null, gate.minimum_even_light_percent),
    atLeast("scale_px_per_mm", scale_px_per_mm, gate.minimum_scale_px_per_mm),
    ...(pose === "tip" ? [atLeast("tip_distance_mm", camera.distance_mm, gate.minimum_tip_distance_mm)] : []),
    ...(finger?.finding ? [refusal(finger.finding)] : []),
    atMost("clipped_percent", finger?.clipped_percent ?? null, gate.maximum_clipped_percent),
    atMost("dark_percent", finger?.dark_percent ?? null, gate.maximum_dark_percent),
    atMost("glare_percent", finger?.glare_percent ?? null, gate.maximum_glare_percent),
  ];
}

/** Pixels of the photograph to a pixel of the picture. */
function enlargement(source: Source, { still_px }: Setting): number {
  return still_px === null ? 1 : still_px / Math.max(source.width, source.height);
}

/** Spread of the markers' edges as the photograph will show it. */
function blurMm(camera: Camera, markers: readonly Refined[], source: Source, setting: Setting): number {
  const [x, y] = meanOf(markers.flatMap((m) => markerCornersMm(m.id)));
  const coarser = 1 - 1 / Math.max(1, enlargement(source, setting)) ** 2;
  const seen_px = median(markers.map((m) => m.blur_px));
  return Math.sqrt(Math.max(0, seen_px ** 2 - coarser * PIXEL_BLUR_PX ** 2)) / camera.scale_px_per_mm([x, y, 0]);
}

function shares({ width, height }: Source, markers: readonly Sighting[]): { id: number; corners: Point[] }[] {
  return markers.map(({ id, corners }) => ({ id, corners: corners.map(([x, y]) => [x / width, y / height] as const) }));
}

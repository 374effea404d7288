/** The card's markers in a small picture: which are seen, and roughly where. */

import { carried, distance, fitHomography, meanOf, type Homography, type Point } from "./algebra";
import { areaOf, darkPixels, fourSided, WINDOW_SHARES } from "./dark_shapes";
import { CARD, MARKER_IDS, markerCornersMm } from "./digit_card";
import { readMarker } from "./marker_code";
import type { Grey } from "./picture";

/** Two sightings of one marker further apart than this share of its side are two markers (as the service's). */
const SAME_MARKER_SHARE = 0.5;

/** Corners within this share of a side of the others' plane agree with it (as the service's). */
const PLANE_TOLERANCE_SHARE = 0.12;

/** Fewer markers fix no plane that the others could be looked for on. */
const LEAST_FOR_PLANE = 2;

export interface Sighting {
  id: number;
  corners: Point[];
}

export interface Sightings {
  markers: Sighting[];
  /** Whether one marker is seen in two places. */
  twice: boolean;
}

export function findMarkers(grey: Grey): Sightings {
  const longer = Math.max(grey.width, grey.height);
  const markers = new Map<number, Sighting>();
  let twice = false;
  for (const share of WINDOW_SHARES) {
    const dark = darkPixels(grey, Math.max(3, Math.round(share * longer)));
    for (const corners of fourSided(dark, grey.width, grey.height)) {
      const read = readMarker(grey, corners);
      if (!read) continue;
      const known = markers.get(read.id);
      if (!known) markers.set(read.id, read);
      else if (apart(known, read)) twice = true;
    }
    if (markers.size === MARKER_IDS.length) break;
  }
  const agreed = onOnePlane([...markers.values()]);
  return { markers: [...agreed, ...lookedFor(grey, agreed)].sort((a, b) => a.id - b.id), twice };
}

function apart(a: Sighting, b: Sighting): boolean {
  return distance(meanOf(a.corners), meanOf(b.corners)) > SAME_MARKER_SHARE * sideOf(a);
}

export function sideOf({ corners }: Sighting): number {
  return Math.sqrt(areaOf(corners));
}

/** The plane through all corners of some markers. */
export function planeOf(markers: readonly Sighting[]): Homography | null {
  return fitHomography(markers.flatMap((m) => markerCornersMm(m.id)), markers.flatMap((m) => m.corners));
}

/** Leaves out, one by one, markers whose corners contradict the plane of the rest. */
function onOnePlane(markers: Sighting[]): Sighting[] {
  let kept = markers;
  while (kept.length > LEAST_FOR_PLANE) {
    const plane = planeOf(kept);
    if (!plane) return kept;
    const misses = kept.map((m) => missOf(plane, m) / sideOf(m));
    const worst = misses.indexOf(Math.max(...misses));
    if (misses[worst]! <= PLANE_TOLERANCE_SHARE) return kept;
    kept = kept.filter((_, i) => i !== worst);
  }
  return kept;
}

function missOf(plane: Homography, { id, corners }: Sighting): number {
  return Math.max(...markerCornersMm(id).map((corner, i) => distance(carried(plane, corner), corners[i]!)));
}

/** Markers whose outline ran into something dark: read where the plane of the others puts them. */
function lookedFor(grey: Grey, seen: readonly Sighting[]): Sighting[] {
  if (seen.length < LEAST_FOR_PLANE || seen.length === MARKER_IDS.length) return [];
  const plane = planeOf(seen);
  if (!plane) return [];
  return MARKER_IDS.filter((id) => !seen.some((m) => m.id === id)).flatMap((id) => {
    const corners = markerCornersMm(id).map((corner) => carried(plane, corner));
    if (!corners.every(([x, y]) => x > 0 && y > 0 && x < grey.width - 1 && y < grey.height - 1)) return [];
    return readMarker(grey, corners)?.id === id ? [{ id, corners }] : [];
  });
}

/** The whole card's corners where a plane puts them. */
export function cardOutline(plane: Homography): Point[] {
  const { width_mm, height_mm } = CARD;
  return ([[0, 0], [width_mm, 0], [width_mm, height_mm], [0, height_mm]] as const).map((p) => carried(plane, p));
}

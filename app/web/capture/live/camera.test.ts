import { expect, it } from "vitest";
import type { Point } from "./algebra";
import { estimateCamera } from "./camera";
import { MARKER_IDS, markerCornersMm } from "./digit_card";
import { randomness } from "./drawn_card.fixture";
import type { Sighting } from "./find_markers";
import { lensPrior } from "./lens";

const [WIDTH, HEIGHT] = [4000, 3000];
const STATED = { focal_35mm_mm: 26, digital_zoom_ratio: null, orientation: null };
const FOCAL_PX = (26 * Math.hypot(WIDTH, HEIGHT)) / Math.hypot(36, 24);

interface Pose {
  tilt_deg: number;
  towards_deg: number;
  turn_deg: number;
  distance_mm: number;
  focal_px: number;
}

/** Markers of a flat card before a pinhole that looks at its middle. */
function seenBy({ tilt_deg, towards_deg, turn_deg, distance_mm, focal_px }: Pose, ids = MARKER_IDS): Sighting[] {
  const [tilt, towards, turn] = [tilt_deg, towards_deg, turn_deg].map((deg) => (deg * Math.PI) / 180) as [number, number, number];
  const pixel = ([x, y]: Point): Point => {
    const [dx, dy] = [x - 40, y - 30];
    // Along the lean and across it; the lean makes one side nearer.
    const along = dx * Math.cos(towards) + dy * Math.sin(towards);
    const across = -dx * Math.sin(towards) + dy * Math.cos(towards);
    const depth = distance_mm + along * Math.sin(tilt);
    const [a, b] = [(along * Math.cos(tilt)) / depth, across / depth];
    const [u, v] = [a * Math.cos(towards + turn) - b * Math.sin(towards + turn), a * Math.sin(towards + turn) + b * Math.cos(towards + turn)];
    return [focal_px * u + (WIDTH - 1) / 2, focal_px * v + (HEIGHT - 1) / 2];
  };
  return ids.map((id) => ({ id, corners: markerCornersMm(id).map(pixel) }));
}

it("finds tilt, distance and scale of any pose from exact corners and the header", () => {
  const random = randomness(11);
  for (let i = 0; i < 60; i++) {
    const pose = {
      tilt_deg: 45 * random(),
      towards_deg: 360 * random(),
      turn_deg: 360 * random(),
      distance_mm: 130 + 250 * random(),
      focal_px: FOCAL_PX,
    };
    const camera = estimateCamera(seenBy(pose), lensPrior(WIDTH, HEIGHT, STATED))!;
    expect(camera.tilt_deg, JSON.stringify(pose)).toBeCloseTo(pose.tilt_deg, 1);
    expect(camera.distance_mm / pose.distance_mm).toBeCloseTo(1, 2);
    expect(camera.scale_px_per_mm([40, 30, 0]) / (FOCAL_PX / pose.distance_mm)).toBeCloseTo(1, 2);
  }
});

it("knows the scale on the card whatever the lens, and the tilt roughly, when the header is silent", () => {
  const pose = { tilt_deg: 28, towards_deg: 70, turn_deg: 15, distance_mm: 210, focal_px: 1.1 * FOCAL_PX };
  const camera = estimateCamera(seenBy(pose), lensPrior(WIDTH, HEIGHT, null))!;
  expect(camera.scale_px_per_mm([40, 30, 0]) / (pose.focal_px / pose.distance_mm)).toBeCloseTo(1, 2);
  expect(Math.abs(camera.tilt_deg - pose.tilt_deg)).toBeLessThan(1);
});

it("makes do with three markers", () => {
  const pose = { tilt_deg: 20, towards_deg: 200, turn_deg: 100, distance_mm: 200, focal_px: FOCAL_PX };
  const camera = estimateCamera(seenBy(pose, [0, 3, 4]), lensPrior(WIDTH, HEIGHT, STATED))!;
  expect(camera.tilt_deg).toBeCloseTo(20, 1);
});

it("sees heights above the card nearer", () => {
  const pose = { tilt_deg: 0, towards_deg: 0, turn_deg: 0, distance_mm: 200, focal_px: FOCAL_PX };
  const camera = estimateCamera(seenBy(pose), lensPrior(WIDTH, HEIGHT, STATED))!;
  expect(camera.scale_px_per_mm([40, 30, -16])).toBeCloseTo(FOCAL_PX / 184, 1);
});

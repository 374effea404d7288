import { expect, it } from "vitest";
import { carried, distance, fitHomography, type Homography, type Point } from "./algebra";
import { CARD, markerCornersMm } from "./digit_card";
import { drawnCard, randomness } from "./drawn_card.fixture";
import { findMarkers } from "./find_markers";
import type { Grey } from "./picture";

const SIZE = { width: 400, height: 300 };

/** Card corners in the picture: turned, seen from the side, so many pixels wide. */
function seenAs(width_px: number, turn_deg: number, foreshortening: number): [Homography, Homography] {
  const angle = (turn_deg * Math.PI) / 180;
  const scale = width_px / CARD.width_mm;
  const corners = ([[0, 0], [80, 0], [80, 60], [0, 60]] as const).map<Point>(([x, y]) => {
    const [u, v] = [(x - 40) * scale, (y - 30) * scale];
    const depth = 1 + (foreshortening * v) / width_px;
    const [a, b] = [u / depth, (v * (1 - foreshortening / 2)) / depth];
    return [200 + a * Math.cos(angle) - b * Math.sin(angle), 150 + a * Math.sin(angle) + b * Math.cos(angle)];
  });
  const card: Point[] = [[0, 0], [80, 0], [80, 60], [0, 60]];
  return [fitHomography(card, corners)!, fitHomography(corners, card)!];
}

it("finds all six markers, small, turned and tilted, to about a pixel", () => {
  for (const [width_px, turn_deg, foreshortening] of [
    [110, 0, 0], [125, 37, 0.2], [160, 90, 0.3], [240, 181, 0.45], [270, 271, 0.4],
  ] as const) {
    const [toPicture, toCard] = seenAs(width_px, turn_deg, foreshortening);
    const { markers, twice } = findMarkers(drawnCard({ ...SIZE, toCard, noise: randomness(width_px) }));
    expect(markers.map((m) => m.id), `${width_px} px`).toEqual([0, 1, 2, 3, 4, 5]);
    expect(twice).toBe(false);
    for (const { id, corners } of markers) {
      markerCornersMm(id).forEach((corner, i) => {
        expect(distance(carried(toPicture, corner), corners[i]!), `${width_px} px, marker ${id}`).toBeLessThan(1.6);
      });
    }
  }
});

it("leaves out what is half covered", () => {
  const [, toCard] = seenAs(230, 20, 0.2);
  const { markers } = findMarkers(drawnCard({ ...SIZE, toCard, covered: [1, 2, 5] }));
  expect(markers.map((m) => m.id)).toEqual([0, 3, 4]);
});

it("sees nothing in an even picture, in noise and in a mirror", () => {
  const noise = randomness(3);
  const data = Uint8Array.from({ length: SIZE.width * SIZE.height }, () => 255 * noise());
  expect(findMarkers({ ...SIZE, data }).markers).toEqual([]);
  expect(findMarkers({ ...SIZE, data: new Uint8Array(data.length).fill(200) }).markers).toEqual([]);
  const [, toCard] = seenAs(250, 0, 0);
  expect(findMarkers(mirrored(drawnCard({ ...SIZE, toCard }))).markers).toEqual([]);
});

it("tells that one marker stands in two places", () => {
  const [, toCard] = seenAs(150, 0, 0);
  const one = drawnCard({ ...SIZE, toCard });
  const data = Uint8Array.from(one.data, (_, i) => {
    const [x, y] = [i % SIZE.width, Math.floor(i / SIZE.width)];
    return y < SIZE.height / 2 ? at(one, x, y + 75) : at(one, x, y - 75);
  });
  expect(findMarkers({ ...SIZE, data }).twice).toBe(true);
});

function at({ width, height, data }: Grey, x: number, y: number): number {
  return y < 0 || y >= height ? 110 : data[y * width + x]!;
}

function mirrored({ width, height, data }: Grey): Grey {
  return { width, height, data: data.map((_, i) => data[Math.floor(i / width) * width + (width - 1 - (i % width))]!) };
}

import { expect, it } from "vitest";
import { scaleBar } from "../shared/viewport";
import { magnifiedAt, origin, shifted, toFrame, toPicture, whole } from "./sight";

const FRAME = { width: 800, height: 600 };
const PICTURE = { width: 400, height: 500 };

it("shows the whole picture, centred", () => {
  const sight = whole(FRAME, PICTURE);
  expect(sight.zoom).toBeCloseTo(1.2);
  expect(origin(sight, FRAME)[0]).toBeCloseTo(160);
  expect(origin(sight, FRAME)[1]).toBeCloseTo(0);
});

it("goes from frame to picture and back", () => {
  const sight = { zoom: 3, centre: { x: 120, y: 90 } };
  const [x, y] = toPicture(sight, FRAME, toFrame(sight, FRAME, [17.5, 200]));
  expect([x, y]).toEqual([17.5, 200]);
});

it("keeps what lies under the pointer there", () => {
  const before = magnifiedAt(whole(FRAME, PICTURE), 3, [400, 300], FRAME, PICTURE);
  const at = [300, 250] as const;
  const under = toPicture(before, FRAME, at);
  const after = magnifiedAt(before, 1.5, at, FRAME, PICTURE);
  expect(after.zoom).toBeCloseTo(before.zoom * 1.5);
  toPicture(after, FRAME, at).forEach((value, i) => expect(value).toBeCloseTo(under[i]!));
});

it("never loses the picture, and ends at single pixels", () => {
  let sight = magnifiedAt(whole(FRAME, PICTURE), 100, [0, 0], FRAME, PICTURE);
  expect(sight.zoom).toBe(16);
  sight = shifted(sight, { x: -1e6, y: 1e6 }, FRAME, PICTURE);
  expect(sight.centre).toEqual({ x: 399.5, y: -0.5 });
  expect(magnifiedAt(sight, 0.001, [0, 0], FRAME, PICTURE)).toEqual(whole(FRAME, PICTURE));
});

it("draws a scale bar that follows the zoom and the picture's scale", () => {
  for (const zoom of [0.5, 1, 4, 16]) {
    const bar = scaleBar(zoom, 25);
    expect(bar.width_px).toBeCloseTo(bar.length_mm * 25 * zoom);
  }
  expect(scaleBar(1, 25).length_mm).toBe(5);
});

import { describe, expect, it } from "vitest";
import { WHOLE, centreOf, corner, dragged, fitZoom, magnified, near, outlineBox, scaleBar, zoomOf } from "./viewport";

const FRAME = { width: 500, height: 400 };
const IMAGE = { width: 1020, height: 1160 };
const ANCHOR = { x: 300, y: 250 };

describe("the view", () => {
  it("shows the whole image in the middle of the frame", () => {
    const zoom = fitZoom(FRAME, IMAGE);
    const at = corner(WHOLE, ANCHOR, FRAME, IMAGE);
    expect(zoom * IMAGE.height).toBeCloseTo(400, 9);
    expect(at.y).toBeCloseTo(0, 9);
    expect(at.x).toBeCloseTo((500 - zoom * 1020) / 2, 9);
  });

  it("brings the ulcer to the middle, so many millimetres across", () => {
    const view = near(FRAME, 16);
    expect(zoomOf(view, FRAME, IMAGE) * 20 * 16).toBeCloseTo(400, 9);
    expect(centreOf(view, ANCHOR, IMAGE)).toEqual(ANCHOR);
  });

  it("zooms out to the whole image and no further", () => {
    let view = near(FRAME, 16);
    for (let i = 0; i < 20; i += 1) view = magnified(view, 0.7, FRAME, IMAGE) as typeof view;
    expect(view).toEqual(WHOLE);
  });

  it("zooms in up to a limit and keeps its centre", () => {
    let view = magnified(WHOLE, 1.4, FRAME, IMAGE);
    for (let i = 0; i < 30; i += 1) view = magnified(view, 1.4, FRAME, IMAGE);
    expect(zoomOf(view, FRAME, IMAGE)).toBe(8);
    expect(centreOf(view, ANCHOR, IMAGE)).toEqual(ANCHOR);
  });

  it("moves the image with the hand, at any zoom", () => {
    const view = near(FRAME, 16);
    const before = corner(view, ANCHOR, FRAME, IMAGE);
    const after = corner(dragged(view, { x: 30, y: -12 }), ANCHOR, FRAME, IMAGE);
    expect(after.x - before.x).toBeCloseTo(30, 9);
    expect(after.y - before.y).toBeCloseTo(-12, 9);
  });
});

describe("the scale bar", () => {
  it.each([0.1, 0.35, 0.5, 1, 1.25, 3, 8])("has its true length at zoom %d", (zoom) => {
    const { length_mm, width_px } = scaleBar(zoom);
    expect(width_px / zoom / 20).toBeCloseTo(length_mm, 9);
    expect(width_px).toBeLessThanOrEqual(150);
  });
});

describe("the outline's box", () => {
  const WIDTH = 10;
  const picture = () => new Uint8ClampedArray(WIDTH * 8 * 4).fill(120);
  const draw = (bytes: Uint8ClampedArray, x: number, y: number) => bytes.set([0, 229, 255, 255], (y * WIDTH + x) * 4);

  it("holds every pixel in the outline's colour", () => {
    const bytes = picture();
    for (const [x, y] of [[3, 2], [6, 5], [4, 7]] as const) draw(bytes, x, y);
    expect(outlineBox(bytes, WIDTH)).toEqual({ left: 3, top: 2, right: 7, bottom: 8 });
  });

  it("is not found where nothing is drawn", () => {
    expect(outlineBox(picture(), WIDTH)).toBeNull();
  });
});

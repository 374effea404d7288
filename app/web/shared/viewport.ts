/** Where a reading image lies in its frame: pure arithmetic, in CSS pixels, image pixels and millimetres. */

/** The reading image's scale, fixed by the service (calibration's SCALE_PX_PER_MM). */
export const IMAGE_PX_PER_MM = 20;

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

/**
 * How the viewer looks at an image: the whole of it, or at `zoom` CSS pixels per image pixel with the frame's
 * centre `shift` image pixels away from the anchor (the ulcer's centre). Relative to the ulcer, so that two
 * photographs of it can be looked at with one view.
 */
export type View = { kind: "whole" } | { kind: "near"; zoom: number; shift: Point };

export const WHOLE: View = { kind: "whole" };
export const ZOOM_STEP = 1.4;
/** Beyond eight screen pixels per image pixel (0.05 mm) there is nothing more to see. */
const ZOOM_MAX = 8;

export function fitZoom(frame: Size, image: Size): number {
  return Math.min(frame.width / image.width, frame.height / image.height);
}

export function zoomOf(view: View, frame: Size, image: Size): number {
  return view.kind === "whole" ? fitZoom(frame, image) : view.zoom;
}

/** The image point in the middle of the frame. */
export function centreOf(view: View, anchor: Point, image: Size): Point {
  if (view.kind === "whole") return { x: image.width / 2, y: image.height / 2 };
  return { x: anchor.x + view.shift.x, y: anchor.y + view.shift.y };
}

/** Top-left corner of the image in the frame, CSS pixels. */
export function corner(view: View, anchor: Point, frame: Size, image: Size): Point {
  const zoom = zoomOf(view, frame, image);
  const centre = centreOf(view, anchor, image);
  return { x: frame.width / 2 - centre.x * zoom, y: frame.height / 2 - centre.y * zoom };
}

/** Magnify by `factor`; from the whole image the way in leads to the ulcer, and out of it back to the whole. */
export function magnified(view: View, factor: number, frame: Size, image: Size): View {
  const least = fitZoom(frame, image);
  const zoom = Math.min(ZOOM_MAX, zoomOf(view, frame, image) * factor);
  if (zoom <= least * 1.001) return WHOLE;
  return { kind: "near", zoom, shift: view.kind === "whole" ? { x: 0, y: 0 } : view.shift };
}

export function dragged(view: View, by: Point): View {
  if (view.kind === "whole") return view;
  return { ...view, shift: { x: view.shift.x - by.x / view.zoom, y: view.shift.y - by.y / view.zoom } };
}

/** A view of the ulcer that shows `across_mm` millimetres over the frame's shorter side. */
export function near(frame: Size, across_mm: number): View {
  const zoom = Math.min(frame.width, frame.height) / (across_mm * IMAGE_PX_PER_MM);
  return { kind: "near", zoom: Math.min(ZOOM_MAX, zoom), shift: { x: 0, y: 0 } };
}

const BAR_LENGTHS_MM = [0.5, 1, 2, 5, 10, 20];
const BAR_MAX_CSS_PX = 150;

/** The longest round length whose bar is no wider than 150 CSS pixels. */
export function scaleBar(zoom: number, image_px_per_mm = IMAGE_PX_PER_MM): { length_mm: number; width_px: number } {
  const px_per_mm = image_px_per_mm * zoom;
  const fitting = BAR_LENGTHS_MM.filter((length) => length * px_per_mm <= BAR_MAX_CSS_PX);
  const length_mm = fitting.at(-1) ?? BAR_LENGTHS_MM[0]!;
  return { length_mm, width_px: length_mm * px_per_mm };
}

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The colour in which the service draws outlines (app.artifacts' OVERLAY_RGB), and how far smoothing may move it. */
const OUTLINE_RGB = [0, 229, 255] as const;
const OUTLINE_TOLERANCE = 48;

/**
 * The box around the outline that an overlay shows.
 *
 * @param overlay RGBA bytes, row by row
 * @returns in pixels of those bytes, or null where there is no outline
 */
export function outlineBox(overlay: Uint8ClampedArray, width: number): Box | null {
  const box: Box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let i = 0; i < overlay.length; i += 4) {
    const like = OUTLINE_RGB.every((code, channel) => Math.abs(overlay[i + channel]! - code) <= OUTLINE_TOLERANCE);
    if (!like) continue;
    const x = (i / 4) % width;
    const y = Math.floor(i / 4 / width);
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x + 1);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y + 1);
  }
  return box.right > box.left ? box : null;
}

/** How a picture lies in its frame while it is drawn on: pure arithmetic, in CSS pixels and picture pixels. */

import { fitZoom, type Point, type Size } from "../shared/viewport";
import type { Corner } from "./rings";

/** `zoom` CSS pixels for a picture's pixel, and the picture's point in the middle of the frame. */
export interface Sight {
  zoom: number;
  centre: Point;
}

/** A pixel of 0.05 mm, sixteen CSS pixels wide: a corner can be placed with a finger. */
const ZOOM_MAX = 16;

/** Pixel centres lie at whole numbers: the picture begins half a pixel before the first. */
const EDGE = 0.5;

export function whole(frame: Size, picture: Size): Sight {
  return {
    zoom: fitZoom(frame, picture),
    centre: { x: picture.width / 2 - EDGE, y: picture.height / 2 - EDGE },
  };
}

export function toFrame({ zoom, centre }: Sight, frame: Size, [x, y]: Corner): Corner {
  return [(x - centre.x) * zoom + frame.width / 2, (y - centre.y) * zoom + frame.height / 2];
}

export function toPicture({ zoom, centre }: Sight, frame: Size, [x, y]: Corner): Corner {
  return [(x - frame.width / 2) / zoom + centre.x, (y - frame.height / 2) / zoom + centre.y];
}

/** The picture's upper left corner in the frame. */
export function origin(sight: Sight, frame: Size): Corner {
  return toFrame(sight, frame, [-EDGE, -EDGE]);
}

/** Keeps the frame's middle on the picture, and the zoom between the whole picture and single pixels. */
function held(sight: Sight, frame: Size, picture: Size): Sight {
  const least = fitZoom(frame, picture);
  if (sight.zoom <= least) return whole(frame, picture);
  const within = (value: number, length: number): number => Math.min(length - EDGE, Math.max(-EDGE, value));
  return {
    zoom: Math.min(ZOOM_MAX, sight.zoom),
    centre: { x: within(sight.centre.x, picture.width), y: within(sight.centre.y, picture.height) },
  };
}

/** Magnify by `factor` and keep what lies under a place of the frame there. */
export function magnifiedAt(sight: Sight, factor: number, at: Corner, frame: Size, picture: Size): Sight {
  const [x, y] = toPicture(sight, frame, at);
  const zoom = Math.min(ZOOM_MAX, sight.zoom * factor);
  const centre = { x: x - (at[0] - frame.width / 2) / zoom, y: y - (at[1] - frame.height / 2) / zoom };
  return held({ zoom, centre }, frame, picture);
}

/** Move the picture by so many CSS pixels. */
export function shifted(sight: Sight, by: Point, frame: Size, picture: Size): Sight {
  const centre = { x: sight.centre.x - by.x / sight.zoom, y: sight.centre.y - by.y / sight.zoom };
  return held({ ...sight, centre }, frame, picture);
}

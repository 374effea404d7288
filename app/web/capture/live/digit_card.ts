/** The card's geometry, from the same file that the service reads: millimetres from its top-left corner. */

import raw from "../../../../calibration/digit_card.json";
import type { Point } from "./algebra";

export interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const CARD = {
  width_mm: raw.size[0]!,
  height_mm: raw.size[1]!,
  marker_side_mm: raw.markers.side,
  dictionary: raw.markers.dictionary,
} as const;

export const SLOT: Rectangle = {
  left: raw.slot.x[0]!,
  top: raw.slot.y[0]!,
  right: raw.slot.x[1]!,
  bottom: raw.slot.y[1]!,
};

const TOP_LEFT_MM = new Map<number, Point>(
  Object.entries(raw.markers.top_left).map(([id, [x, y]]) => [Number(id), [x!, y!]]),
);

export const MARKER_IDS: readonly number[] = [...TOP_LEFT_MM.keys()];

export const PATCH_AREAS: readonly Rectangle[] = raw.patches.items.map(({ top_left: [x, y] }) =>
  square(x!, y!, raw.patches.side),
);

export function markerArea(id: number): Rectangle {
  const [left, top] = TOP_LEFT_MM.get(id)!;
  return square(left, top, CARD.marker_side_mm);
}

/** Clockwise from the top-left corner, as the service's detector names them. */
export function markerCornersMm(id: number): Point[] {
  const { left, top, right, bottom } = markerArea(id);
  return [[left, top], [right, top], [right, bottom], [left, bottom]];
}

export function within([x, y]: Point, area: Rectangle, margin_mm: number): boolean {
  return (
    x > area.left - margin_mm && x < area.right + margin_mm && y > area.top - margin_mm && y < area.bottom + margin_mm
  );
}

function square(left: number, top: number, side: number): Rectangle {
  return { left, top, right: left + side, bottom: top + side };
}

/** Drawings as closed lines: corners in pixels of the case's picture, whose pixel centres lie at whole numbers. */

export type Corner = readonly [x: number, y: number];
export type Ring = readonly Corner[];
/** Read by the even-odd rule: a line within another is a hole. */
export type Rings = readonly Ring[];

/** As the service keeps corners (app.reading_room.pictures' CORNER_DIGITS): what is sent comes back the same. */
const CORNER_STEPS = 10;

export function kept(rings: Rings): Rings {
  const rounded = (value: number): number => Math.round(value * CORNER_STEPS) / CORNER_STEPS;
  return rings.map((ring) => ring.map(([x, y]) => [rounded(x), rounded(y)] as const));
}

/** Area behind one line, square pixels; negative where it turns the other way. */
export function turnedArea_px2(ring: Ring): number {
  let twice = 0;
  ring.forEach(([x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length]!;
    twice += x * nextY - nextX * y;
  });
  return twice / 2;
}

export const area_px2 = (ring: Ring): number => Math.abs(turnedArea_px2(ring));

export const cornersOf = (rings: Rings): number => rings.reduce((sum, ring) => sum + ring.length, 0);

export function sameRings(one: Rings, other: Rings): boolean {
  return JSON.stringify(kept(one)) === JSON.stringify(kept(other));
}

function isWithin([x, y]: Corner, ring: Ring): boolean {
  let within = false;
  ring.forEach(([x1, y1], i) => {
    const [x2, y2] = ring[(i + 1) % ring.length]!;
    if (y1 <= y !== y2 <= y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) within = !within;
  });
  return within;
}

/** The lines that lie within no other: a drawing without its holes, and without what is drawn in those. */
export function outermost(rings: Rings): Rings {
  return rings.filter((ring) => !rings.some((other) => other !== ring && isWithin(ring[0]!, other)));
}

export interface Span {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The box around a drawing, or null where nothing is drawn. */
export function spanOf(rings: Rings): Span | null {
  const corners = rings.flat();
  if (corners.length === 0) return null;
  const span = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const [x, y] of corners) {
    span.left = Math.min(span.left, x);
    span.right = Math.max(span.right, x);
    span.top = Math.min(span.top, y);
    span.bottom = Math.max(span.bottom, y);
  }
  return span;
}

/** Corners of a drawing one by one: found, moved, inserted, removed. */

import type { Corner, Rings } from "./rings";

/** Which corner of which line. */
export interface At {
  ring: number;
  corner: number;
}

/** Two corners enclose nothing. */
const LEAST_CORNERS = 3;

/** A corner within reach of a point, the nearest; null where there is none. */
export function cornerNear(rings: Rings, [x, y]: Corner, reach_px: number): At | null {
  let [found, nearest]: [At | null, number] = [null, reach_px];
  rings.forEach((ring, r) =>
    ring.forEach(([cx, cy], c) => {
      const away = Math.hypot(cx - x, cy - y);
      if (away <= nearest) [found, nearest] = [{ ring: r, corner: c }, away];
    }),
  );
  return found;
}

/** The stretch of line within reach of a point, named by the corner that it starts from. */
export function edgeNear(rings: Rings, [x, y]: Corner, reach_px: number): At | null {
  let [found, nearest]: [At | null, number] = [null, reach_px];
  rings.forEach((ring, r) =>
    ring.forEach(([x1, y1], c) => {
      const [x2, y2] = ring[(c + 1) % ring.length]!;
      const squared = (x2 - x1) ** 2 + (y2 - y1) ** 2;
      const way = squared > 0 ? ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / squared : 0;
      const share = Math.min(1, Math.max(0, way));
      const away = Math.hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1));
      if (away < nearest) [found, nearest] = [{ ring: r, corner: c }, away];
    }),
  );
  return found;
}

export function moved(rings: Rings, at: At, to: Corner): Rings {
  return rings.map((ring, r) => (r === at.ring ? ring.map((corner, c) => (c === at.corner ? to : corner)) : ring));
}

/** A corner inserted after another: at a place, or half way to the next. */
export function inserted(rings: Rings, after: At, place?: Corner): Rings {
  return rings.map((ring, r) => {
    if (r !== after.ring) return ring;
    const [x1, y1] = ring[after.corner]!;
    const [x2, y2] = ring[(after.corner + 1) % ring.length]!;
    const fresh: Corner = place ?? [(x1 + x2) / 2, (y1 + y2) / 2];
    return [...ring.slice(0, after.corner + 1), fresh, ...ring.slice(after.corner + 1)];
  });
}

/** A corner taken away; a line that has no three left goes altogether. */
export function removed(rings: Rings, at: At): Rings {
  return rings
    .map((ring, r) => (r === at.ring ? ring.filter((_, c) => c !== at.corner) : ring))
    .filter((ring) => ring.length >= LEAST_CORNERS);
}

/** The corner so many steps further on, from line to line; the first or last where none was chosen. */
export function stepped(rings: Rings, at: At | null, by: 1 | -1): At | null {
  const all = rings.flatMap((ring, r) => ring.map((_, c): At => ({ ring: r, corner: c })));
  if (all.length === 0) return null;
  const now = at ? all.findIndex((one) => one.ring === at.ring && one.corner === at.corner) : -1;
  if (now < 0) return by > 0 ? all[0]! : all.at(-1)!;
  return all[(now + by + all.length) % all.length]!;
}

/** Of the small outline that the keyboard starts from. */
const FRESH_CORNERS = 8;

/** A small round outline to be drawn out by its corners. */
export function fresh(rings: Rings, [x, y]: Corner, radius_px: number): Rings {
  const ring = Array.from({ length: FRESH_CORNERS }, (_, i): Corner => {
    const turn = (2 * Math.PI * i) / FRESH_CORNERS;
    return [x + radius_px * Math.cos(turn), y + radius_px * Math.sin(turn)];
  });
  return [...rings, ring];
}

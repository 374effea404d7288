/** The tool in hand: which one, how wide, which corner is chosen; drawing by keyboard. */

import { useState } from "preact/hooks";
import type { Size } from "../shared/viewport";
import type { Drawing } from "./board";
import { simplified } from "./border";
import { fresh, inserted, moved, removed, stepped, type At } from "./corners";
import type { Rings } from "./rings";
import type { Sight } from "./sight";
import type { Tool } from "./strokes";

/** 0.05 mm to 3 mm at 20 pixels a millimetre; most ulcers are 2 to 8 mm across. */
export const BRUSH_PX = { least: 1, first: 12, most: 60 };
const BRUSH_STEP = 1.25;
const FAR_STEP = 10;
const FRESH_MM = 1;
/** 0.05 mm: a line by hand is not surer than that. */
const FEWER_PX = 1;

export interface Tools {
  drawing: Drawing;
  take: (tool: Tool) => void;
  widen: (steps: number) => void;
  setRadius: (radius_px: number) => void;
  insert: () => void;
  remove: () => void;
  fewer: () => void;
}

/** Where the chosen corner is, if the drawing still has it. */
function present(rings: Rings, at: At | null): At | null {
  return at && rings[at.ring]?.[at.corner] ? at : null;
}

export function useTools(
  rings: Rings, change: (rings: Rings) => void, sight: Sight | null, picture: Size, px_per_mm: number,
): Tools {
  // Whoever is asked for an outline goes round it: with a brush that would leave a ring with a hole.
  const [tool, take] = useState<Tool>("lasso_add");
  const [radius_px, setRadius] = useState(BRUSH_PX.first);
  const [picked, choose] = useState<At | null>(null);
  const chosen = present(rings, picked);

  function insert(): void {
    if (!chosen) {
      const middle = sight?.centre ?? { x: picture.width / 2, y: picture.height / 2 };
      change(fresh(rings, [middle.x, middle.y], FRESH_MM * px_per_mm));
      choose({ ring: rings.length, corner: 0 });
    } else {
      change(inserted(rings, chosen));
      choose({ ring: chosen.ring, corner: chosen.corner + 1 });
    }
  }

  function remove(): void {
    if (!chosen) return;
    const fewer = removed(rings, chosen);
    change(fewer);
    const corner = Math.max(0, chosen.corner - 1);
    choose(fewer.length === rings.length ? { ...chosen, corner } : null);
  }

  function nudge(x: number, y: number): void {
    if (!chosen) return;
    const [atX, atY] = rings[chosen.ring]![chosen.corner]!;
    change(moved(rings, chosen, [atX + x, atY + y]));
  }

  function keyboard(event: KeyboardEvent): boolean {
    if (tool !== "corners" || event.ctrlKey || event.metaKey) return false;
    const far = event.shiftKey ? FAR_STEP : 1;
    const anyway: Record<string, () => void> = {
      Enter: insert,
      ".": () => choose(stepped(rings, chosen, 1)),
      ",": () => choose(stepped(rings, chosen, -1)),
    };
    const withCorner: Record<string, () => void> = {
      Delete: remove,
      Backspace: remove,
      Escape: () => choose(null),
      ArrowLeft: () => nudge(-far, 0),
      ArrowRight: () => nudge(far, 0),
      ArrowUp: () => nudge(0, -far),
      ArrowDown: () => nudge(0, far),
    };
    const step = anyway[event.key] ?? (chosen ? withCorner[event.key] : undefined);
    step?.();
    return step !== undefined;
  }

  const within = (radius: number): number => Math.min(BRUSH_PX.most, Math.max(BRUSH_PX.least, radius));
  return {
    drawing: { tool, radius_px, rings, change, chosen, choose, keyboard },
    take: (next) => {
      take(next);
      choose(null);
    },
    widen: (steps) => setRadius((radius) => within(radius * BRUSH_STEP ** steps)),
    setRadius: (radius) => setRadius(within(radius)),
    insert,
    remove,
    fewer: () => {
      choose(null);
      change(rings.map((ring) => simplified(ring, FEWER_PX)));
    },
  };
}

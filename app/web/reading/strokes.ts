/** What a stroke does to a drawing. */

import { outlined } from "./border";
import { brushed, filled, joined, without, type Mask } from "./mask";
import type { Ring, Rings } from "./rings";
import type { Size } from "../shared/viewport";

export const TOOLS = ["lasso_add", "lasso_cut", "brush", "eraser", "corners"] as const;
export type Tool = (typeof TOOLS)[number];
export type StrokeTool = Exclude<Tool, "corners">;

const ADDS: readonly Tool[] = ["brush", "lasso_add"];

function covered(tool: StrokeTool, path: Ring, radius_px: number, { width, height }: Size): Mask {
  const isBrush = tool === "brush" || tool === "eraser";
  return isBrush ? brushed(path, radius_px, width, height) : filled([path], width, height);
}

/**
 * The drawing after a stroke.
 *
 * @param path where the pointer went, in pixels of the picture
 * @param radius_px of brush and eraser
 * @param size of the picture
 */
export function stroked(rings: Rings, tool: StrokeTool, path: Ring, radius_px: number, size: Size): Rings {
  const before = filled(rings, size.width, size.height);
  const stroke = covered(tool, path, radius_px, size);
  return outlined(ADDS.includes(tool) ? joined(before, stroke) : without(before, stroke));
}

/** Tools beside the picture: what draws, undo and redo, zoom, what is shown, and the light. */

import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "../shared/icons";
import { number, t, word } from "../shared/language";
import type { Light } from "./board";
import { TOOLS } from "./strokes";
import type { Editor } from "./use_editor";
import { BRUSH_PX, type Tools } from "./use_tools";

interface IconButtonProps {
  icon: IconName;
  label: string;
  act: () => void;
  off?: boolean;
  pressed?: boolean;
}

export function IconButton({ icon, label, act, off, pressed }: IconButtonProps) {
  return (
    <button type="button" class="tool" title={label} aria-pressed={pressed} aria-disabled={off} onClick={() => off || act()}>
      <Icon name={icon} label={label} />
    </button>
  );
}

interface ToolbarProps {
  tools: Tools;
  px_per_mm: number;
  canUndo: boolean;
  canRedo: boolean;
  undo: () => void;
  redo: () => void;
}

export function Toolbar({ tools, px_per_mm, canUndo, canRedo, undo, redo }: ToolbarProps) {
  const { drawing } = tools;
  return (
    <div class="toolbar" role="group" aria-label={t("desk.tools")}>
      {TOOLS.map((tool) => (
        <button
          key={tool}
          type="button"
          class="tool named"
          aria-pressed={drawing.tool === tool}
          onClick={() => tools.take(tool)}
        >
          <Icon name={tool} />
          <span>
            {word("desk.tool", tool)}
            {tool.startsWith("lasso") && <span class="unseen"> {word("desk.tool_more", tool)}</span>}
          </span>
        </button>
      ))}
      <span class="toolbar-gap" />
      <IconButton icon="undo" label={t("desk.undo")} off={!canUndo} act={undo} />
      <IconButton icon="redo" label={t("desk.redo")} off={!canRedo} act={redo} />
      <span class="toolbar-gap" />
      <ToolSettings tools={tools} px_per_mm={px_per_mm} />
    </div>
  );
}

/** What belongs to the tool in hand. */
function ToolSettings({ tools, px_per_mm }: { tools: Tools; px_per_mm: number }) {
  const { tool, radius_px, rings, chosen } = tools.drawing;
  if (tool === "corners") {
    return (
      <div class="tool-settings">
        <IconButton icon="plus" label={t("desk.corner_insert")} act={tools.insert} />
        <IconButton icon="minus" label={t("desk.corner_remove")} off={chosen === null} act={tools.remove} />
        <button type="button" class="button small" disabled={rings.length === 0} onClick={tools.fewer}>
          {t("desk.corner_fewer")}
        </button>
        <span class="unseen" role="status">
          {chosen
            ? t("desk.corner_at", {
                corner: chosen.corner + 1, corners: rings[chosen.ring]!.length, ring: chosen.ring + 1, rings: rings.length,
              })
            : t("desk.corner_none")}
        </span>
      </div>
    );
  }
  if (tool !== "brush" && tool !== "eraser") return null;
  const mm = number((2 * radius_px) / px_per_mm, 1);
  return (
    <label class="tool-settings brush-size">
      <span class="small">
        {t("desk.brush_size")} <span class="figure">{t("desk.brush_mm", { mm })}</span>
      </span>
      <input
        type="range"
        min={Math.log(BRUSH_PX.least)}
        max={Math.log(BRUSH_PX.most)}
        step={0.05}
        value={Math.log(radius_px)}
        aria-valuetext={t("desk.brush_mm", { mm })}
        onInput={(event) => tools.setRadius(Math.exp(Number(event.currentTarget.value)))}
      />
    </label>
  );
}

export const DAYLIGHT: Light = { brightness: 100, contrast: 100 };
const ZOOM_BUTTON = 1.4;

/** Zoom, light and what is laid over: below the picture. */
export function ShownBar({ editor, children }: { editor: Editor; children: ComponentChildren }) {
  const { light, setLight } = editor;
  return (
    <div class="shown-bar" role="group" aria-label={t("desk.view")}>
      <div class="shown-buttons">
        <IconButton icon="plus" label={t("viewer.zoom_in")} act={() => editor.zoom(ZOOM_BUTTON)} />
        <IconButton icon="minus" label={t("viewer.zoom_out")} act={() => editor.zoom(1 / ZOOM_BUTTON)} />
        <IconButton icon="whole" label={t("viewer.whole")} act={() => editor.look(null)} />
      </div>
      {children}
      <details class="light">
        <summary>
          <Icon name="light" /> {t("desk.light")}
        </summary>
        <div class="light-panel">
          {(["brightness", "contrast"] as const).map((which) => (
            <label key={which}>
              <span>{t(`desk.${which}`)}</span>
              <input
                type="range"
                min={50}
                max={200}
                step={5}
                value={light[which]}
                aria-valuetext={`${light[which]} %`}
                onInput={(event) => setLight({ ...light, [which]: Number(event.currentTarget.value) })}
              />
            </label>
          ))}
          <button type="button" class="button small" onClick={() => setLight(DAYLIGHT)}>
            {t("desk.light_reset")}
          </button>
          <p class="quiet small">{t("desk.light_only")}</p>
        </div>
      </details>
      <button type="button" class="button small" onClick={() => editor.help(true)}>
        <Icon name="help" /> {t("desk.keys")}
      </button>
    </div>
  );
}

/** What a case's picture is looked at and drawn on with, for readers and adjudicators alike. */

import { useRef, useState } from "preact/hooks";
import type { Size } from "../shared/viewport";
import type { Light } from "./board";
import { categoryOf } from "./asks";
import { useKeys, type Act } from "./keys";
import { magnifiedAt, whole, type Sight } from "./sight";
import { DAYLIGHT } from "./toolbar";
import type { CaseDesk, CaseOnDesk } from "./use_case";
import { useTools, type Tools } from "./use_tools";

export interface Editor {
  tools: Tools;
  picture: Size;
  /** Null while the whole picture is shown, whatever the frame's size. */
  sight: Sight | null;
  look: (sight: Sight | null) => void;
  zoom: (factor: number) => void;
  light: Light;
  setLight: (light: Light) => void;
  outlineShown: boolean;
  showOutline: (shown: boolean) => void;
  machineShown: boolean;
  showMachine: (shown: boolean) => void;
  framed: (frame: Size) => void;
  helping: boolean;
  help: (open: boolean) => void;
}

/**
 * @param mayDraw whether keys may draw and say a category: an adjudicator who has not chosen to draw may not
 */
export function useEditor(desk: CaseOnDesk, room: CaseDesk, mayDraw: boolean): Editor {
  const { width_px: width, height_px: height, scale_px_per_mm } = desk.reading.picture;
  const picture = { width, height };
  const [sight, look] = useState<Sight | null>(null);
  const [light, setLight] = useState<Light>(DAYLIGHT);
  const [outlineShown, showOutline] = useState(true);
  const [machineShown, showMachine] = useState(true);
  const [helping, help] = useState(false);
  const frame = useRef<Size>({ width: 0, height: 0 });
  const tools = useTools(desk.saying.rings, (rings) => room.say({ rings }), sight, picture, scale_px_per_mm);

  function act(what: Act): void {
    switch (what.do) {
      case "category":
        if (mayDraw) room.say(categoryOf(what.category));
        break;
      case "confidence":
        if (desk.reading.asks.confidence) room.say({ confidence: what.confidence });
        break;
      case "tool":
        if (mayDraw) tools.take(what.tool);
        break;
      case "size":
        tools.widen(what.steps);
        break;
      case "undo":
        if (mayDraw) room.undo();
        break;
      case "redo":
        if (mayDraw) room.redo();
        break;
      case "outline":
        showOutline(!outlineShown);
        break;
      case "help":
        help(true);
    }
  }
  useKeys(act);

  function zoom(factor: number): void {
    const { width: across, height: down } = frame.current;
    if (across === 0) return;
    const now = sight ?? whole(frame.current, picture);
    look(magnifiedAt(now, factor, [across / 2, down / 2], frame.current, picture));
  }

  return {
    tools, picture, sight, look, zoom, light, setLight, outlineShown, showOutline, machineShown, showMachine,
    helping, help,
    framed: (size) => (frame.current = size),
  };
}


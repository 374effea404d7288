/** Keys that work anywhere on the page: what is said, the tools, undo and redo. */

import { effect, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Category } from "../shared/wire";
import type { Tool } from "./strokes";

export type Act =
  | { do: "category"; category: Category }
  | { do: "confidence"; confidence: number }
  | { do: "tool"; tool: Tool }
  | { do: "size"; steps: number }
  | { do: "undo" | "redo" | "outline" | "help" };

/** Letters, as the list of keys names them. */
const LETTERS: Record<string, Act> = {
  o: { do: "category", category: "open" },
  c: { do: "category", category: "closed" },
  n: { do: "category", category: "not_assessable" },
  b: { do: "tool", tool: "brush" },
  e: { do: "tool", tool: "eraser" },
  l: { do: "tool", tool: "lasso_add" },
  s: { do: "tool", tool: "lasso_cut" },
  v: { do: "tool", tool: "corners" },
  "[": { do: "size", steps: -1 },
  "]": { do: "size", steps: 1 },
  z: { do: "undo" },
  y: { do: "redo" },
  t: { do: "outline" },
  h: { do: "help" },
  "?": { do: "help" },
};

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** What a key asks for; with `single` off only those that are pressed with Control or Command. */
export function actOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Pressed, single: boolean): Act | null {
  const letter = key.toLowerCase();
  if (ctrlKey || metaKey) {
    if (altKey || (letter !== "z" && letter !== "y")) return null;
    return { do: letter === "y" || shiftKey ? "redo" : "undo" };
  }
  if (altKey || !single) return null;
  if (/^[1-5]$/.test(key)) return { do: "confidence", confidence: Number(key) };
  return LETTERS[letter] ?? null;
}

const STORED_AS = "planimeter.single_keys";

/** Whoever dictates, or types by another aid, switches single letters off (WCAG 2.1.4). */
export const singleKeys = signal(typeof window === "undefined" || window.localStorage.getItem(STORED_AS) !== "off");

if (typeof window !== "undefined") {
  effect(() => window.localStorage.setItem(STORED_AS, singleKeys.value ? "on" : "off"));
}

function typing(target: EventTarget | null): boolean {
  const element = target as Element | null;
  return element?.closest?.("input:not([type=radio], [type=range], [type=checkbox]), textarea, select, dialog") != null;
}

/** Acts on keys while the page shows a case and no dialog is open. */
export function useKeys(act: (what: Act) => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (typing(event.target) || document.querySelector("dialog[open]")) return;
      const what = actOf(event, singleKeys.value);
      if (!what) return;
      event.preventDefault();
      latest.current(what);
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}

/** Addresses of the pages: the browser's history, three levels at most. */

import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

export const path = signal(typeof location === "undefined" ? "/" : location.pathname);

if (typeof window !== "undefined") {
  window.addEventListener("popstate", () => {
    path.value = location.pathname;
  });
}

export function navigate(to: string, how: "push" | "replace" = "push"): void {
  if (to === path.value) return;
  if (how === "push") history.pushState(null, "", to);
  else history.replaceState(null, "", to);
  path.value = to;
  window.scrollTo(0, 0);
}

/** The parts of `address` that fill the places of `pattern` ("/study/:ulcer"), or null. */
export function match(pattern: string, address: string): Record<string, string> | null {
  const wanted = pattern.split("/").filter(Boolean);
  const given = address.split("/").filter(Boolean);
  if (wanted.length !== given.length) return null;
  const found: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const value = given[i] ?? "";
    if (part.startsWith(":")) found[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return null;
  }
  return found;
}

interface LinkProps {
  to: string;
  class?: string;
  current?: boolean;
  label?: string;
  children: ComponentChildren;
}

export function Link({ to, current, label, children, ...rest }: LinkProps) {
  function follow(event: MouseEvent): void {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    navigate(to);
  }
  return (
    <a href={to} class={rest.class} aria-current={current ? "page" : undefined} aria-label={label} onClick={follow}>
      {children}
    </a>
  );
}

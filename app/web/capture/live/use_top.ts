/** How far from the top of the page an element begins, for it to fill the rest of the screen. */

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** Told to the style as `--top`; asked again whenever what stands above may have changed its height. */
export function useTop<Shown extends HTMLElement>(): RefObject<Shown | null> {
  const element = useRef<Shown>(null);
  useLayoutEffect(() => {
    const tell = (): void => {
      const shown = element.current;
      shown?.style.setProperty("--top", `${Math.round(shown.getBoundingClientRect().top + window.scrollY)}px`);
    };
    tell();
    const observer = new ResizeObserver(tell);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  return element;
}

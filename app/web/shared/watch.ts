/** Asks again after a while, as long as the page is looked at. */

import { useEffect, useRef, useState } from "preact/hooks";

/** First half a second, then ever slower: a photograph is measured within seconds, or something is wrong. */
const POLL_FIRST_MS = 500;
const POLL_GROWTH = 1.4;
const POLL_SLOWEST_MS = 10_000;

export function pollWait_ms(asked: number): number {
  return Math.min(POLL_SLOWEST_MS, POLL_FIRST_MS * POLL_GROWTH ** asked);
}

/**
 * Call `ask` at once and then after each `wait(times asked)` milliseconds, until it answers "done".
 *
 * @returns a function that ends it
 */
export function watch(ask: () => Promise<"again" | "done">, wait: (asked: number) => number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  let asked = 0;
  async function once(): Promise<void> {
    const answer = document.hidden && asked > 0 ? "again" : await ask();
    if (over || answer === "done") return;
    timer = setTimeout(() => void once(), wait(asked));
    asked += 1;
  }
  void once();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}

/** Sleep that the network's return cuts short. */
export function sleepOrOnline(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      window.removeEventListener("online", wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    window.addEventListener("online", wake);
  });
}

export interface Loaded<Value> {
  value: Value | null;
  error: unknown;
  reload: () => void;
}

/** Load once, and again whenever `keys` change; what was shown stays while the next is on its way. */
export function useLoaded<Value>(load: () => Promise<Value>, keys: readonly unknown[]): Loaded<Value> {
  const [value, setValue] = useState<Value | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);
  const latest = useRef(0);
  useEffect(() => {
    const mine = ++latest.current;
    load().then(
      (loaded) => {
        if (mine !== latest.current) return;
        setValue(() => loaded);
        setError(null);
      },
      (caught: unknown) => mine === latest.current && setError(caught),
    );
  }, [...keys, turn]);
  return { value, error, reload: () => setTurn((n) => n + 1) };
}

/** Load now and again every `waitMs`, and at once whenever `keys` change. */
export function useWatched<Value>(
  load: () => Promise<Value>,
  waitMs: number,
  keys: readonly unknown[],
): { value: Value | null; error: unknown } {
  const [value, setValue] = useState<Value | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(
    () =>
      watch(
        async () => {
          try {
            const loaded = await load();
            setValue(() => loaded);
            setError(null);
          } catch (caught) {
            setError(caught);
          }
          return "again";
        },
        () => waitMs,
      ),
    [...keys],
  );
  return { value, error };
}

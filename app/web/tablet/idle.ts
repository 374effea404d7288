/** Locks the page when nobody has touched it for a while, however long the tablet slept in between. */

/** Of the issue: a tablet left on a trolley is closed before somebody else picks it up. */
export const LOCK_AFTER_MS = 5 * 60_000;

/** How often the clock is looked at, and how often a touch is written down. */
const LOOK_MS = 5_000;
const STORED_AS = "planimeter.touched";
const TOUCHES = ["pointerdown", "keydown", "wheel", "touchstart"] as const;

/** Whether the last touch, of this page or of one that was closed, is too long ago. */
export function leftAlone(now: number): boolean {
  const touched = Number(localStorage.getItem(STORED_AS) ?? "0");
  return now - touched >= LOCK_AFTER_MS;
}

export function touched(now: number): void {
  localStorage.setItem(STORED_AS, String(now));
}

/** Locked by hand: whoever reloads before the lock is on the disk finds the page locked all the same. */
export function forgetTouch(): void {
  localStorage.setItem(STORED_AS, "0");
}

/** Call `lock` once the page has been left alone; returns a function that ends the watch. */
export function watchIdle(lock: () => void): () => void {
  let last = Date.now();
  let written = last;
  touched(last);
  const look = (): void => {
    if (Date.now() - last >= LOCK_AFTER_MS) lock();
  };
  const touch = (): void => {
    const now = Date.now();
    if (now - last >= LOCK_AFTER_MS) return lock(); // the first touch after a long sleep
    last = now;
    if (now - written < LOOK_MS) return;
    written = now;
    touched(now);
  };
  for (const name of TOUCHES) window.addEventListener(name, touch, { passive: true });
  document.addEventListener("visibilitychange", look);
  const timer = setInterval(look, LOOK_MS);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
    for (const name of TOUCHES) window.removeEventListener(name, touch);
  };
}

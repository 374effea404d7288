/** The service worker, and new versions of the pages: they wait until somebody says yes, and no visit is under way. */

import { computed, signal } from "@preact/signals";

const WORKER = "/sw.js";

/** How often an open page asks for a new version; it also asks whenever it comes to the front. */
const LOOK_MS = 30 * 60_000;

const waitingWorker = signal<ServiceWorker | null>(null);
/** Set by the capture pages from choosing a visit to its last photograph. */
export const visitUnderWay = signal(false);

export const updateReady = computed(() => waitingWorker.value !== null && !visitUnderWay.value);

/** Another tab has let the new version in: this page is reloaded as soon as no visit is under way. */
let overtaken = false;

function reloadWhenFree(): void {
  overtaken = true;
  visitUnderWay.subscribe((busy) => {
    if (!busy) location.reload();
  });
}

function heedWaiting(registration: ServiceWorkerRegistration): void {
  // Without a controller it is the first installation, not an update.
  const found = (): void => {
    if (registration.waiting && navigator.serviceWorker.controller) waitingWorker.value = registration.waiting;
  };
  found();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", found);
  });
}

function keepLooking(registration: ServiceWorkerRegistration): void {
  // Without network there is nothing to find; the next look comes.
  const look = (): void => void registration.update().catch(() => undefined);
  setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", () => document.hidden || look());
}

let begun = false;

/** Install the worker: the pages open without network from now on. */
export async function workOffline(): Promise<void> {
  if (begun || !("serviceWorker" in navigator) || import.meta.env.DEV) return;
  begun = true;
  let first = navigator.serviceWorker.controller === null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!first && !overtaken) reloadWhenFree();
    first = false; // the first worker takes this page as it is
  });
  const registration = await navigator.serviceWorker.register(WORKER);
  heedWaiting(registration);
  keepLooking(registration);
}

/** Yes: the waiting version takes over, and every page of it is reloaded. The queue is in the store and stays. */
export function updateNow(): void {
  waitingWorker.value?.postMessage("take-over");
}

/**
 * The service worker: the pages' own files, without the network.
 *
 * It keeps nothing that the service says: everything under /v1 goes to the network untouched, and what pages may
 * keep of it they keep themselves, sealed. A new version waits until a page asks for it.
 */

/** Filled in by the build (vite.config.ts): every file of the pages, and the hash of them all. */
declare const __SHELL__: readonly string[];
declare const __SHELL_HASH__: string;

const worker = self as unknown as ServiceWorkerGlobalScope;

const PREFIX = "planimeter-shell-";
const CACHE = PREFIX + __SHELL_HASH__;
const ENTRANCE = "/index.html";

/** This version and the one before: a page that is still open may load its later parts. */
const VERSIONS_KEPT = 2;

async function store(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(__SHELL__.map((path) => new Request(path, { cache: "reload" })));
}

async function dropOld(): Promise<void> {
  const ours = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const old = ours.slice(0, Math.max(0, ours.length - (VERSIONS_KEPT - 1)));
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function fromShell(request: Request, path: string): Promise<Response> {
  const current = await caches.open(CACHE);
  return (await current.match(path)) ?? (await caches.match(path)) ?? fetch(request);
}

const SERVICE = ["/v1/", "/healthz", "/metrics"];

worker.addEventListener("install", (event) => event.waitUntil(store()));
worker.addEventListener("activate", (event) => event.waitUntil(dropOld().then(() => worker.clients.claim())));

worker.addEventListener("message", (event) => {
  if (event.data === "take-over") void worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (SERVICE.some((path) => pathname.startsWith(path))) return;
  event.respondWith(fromShell(request, request.mode === "navigate" ? ENTRANCE : pathname));
});

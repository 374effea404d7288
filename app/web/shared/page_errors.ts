/** Faults of the pages into the service's log: what kind and where in our own files, never what was said or shown. */

import { CHANGE_HEADERS } from "./api";

declare const __PAGES_VERSION__: string;

/** Enough to see a fault; a page that fails in a loop does not fill the log. */
const AT_MOST = 10;
const OWN_FILE = /(?:\/assets\/|\/)([\w.-]+\.js):(\d+):(\d+)/;
const NAME = /^[A-Za-z][A-Za-z0-9]{0,39}$/;
const PAGE = /^\/[a-z_-]{0,20}/;
const NOWHERE = "unknown:0:0";

const told = new Set<string>();

/** `file:line:column` of the first of our own files in a stack; the stack's other words are not ours to tell. */
export function whereOf(stack: string | undefined): string {
  const found = OWN_FILE.exec(stack ?? "");
  return found ? `${found[1]}:${found[2]}:${found[3]}` : NOWHERE;
}

/** The class of an error; of anything else that was thrown, only its type. */
export function nameOf(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  return NAME.test(name) ? name : "Error";
}

/** "/capture/photo" is "/capture": what follows could be a code. */
export function pageOf(address: string): string {
  return PAGE.exec(address)?.[0] ?? "/";
}

export function tell(error: unknown, where: string): void {
  const fault = { name: nameOf(error), where, page: pageOf(location.pathname), version: __PAGES_VERSION__ };
  const same = JSON.stringify(fault);
  if (told.has(same) || told.size >= AT_MOST) return;
  told.add(same);
  // Without network it is not kept: a fault that matters comes again.
  void fetch("/v1/page-errors", {
    method: "POST",
    keepalive: true,
    headers: { ...CHANGE_HEADERS, "Content-Type": "application/json" },
    body: same,
  }).catch(() => undefined);
}

export function tellErrors(): void {
  window.addEventListener("error", (event) => {
    const stack = event.error instanceof Error ? event.error.stack : `${event.filename}:${event.lineno}:${event.colno}`;
    tell(event.error, whereOf(stack));
  });
  window.addEventListener("unhandledrejection", ({ reason }) => {
    tell(reason, whereOf(reason instanceof Error ? reason.stack : undefined));
  });
}

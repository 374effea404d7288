/** Free space on the tablet: a visit that could not be kept is not begun. */

/** Of the issue: some forty photographs of 4 MB and what the browser needs besides. */
export const LEAST_FREE_MB = 200;
const MB = 1_000_000;

/** Megabytes that this page may still fill; null where the browser does not tell. */
export async function freeMb(): Promise<number | null> {
  if (typeof navigator === "undefined" || !navigator.storage?.estimate) return null;
  const { quota, usage } = await navigator.storage.estimate();
  return quota === undefined ? null : (quota - (usage ?? 0)) / MB;
}

/** Ask the browser not to clear this page's store when space runs short; it may say no. */
export async function askToPersist(): Promise<boolean> {
  if (typeof navigator === "undefined" || !navigator.storage?.persist) return false;
  return (await navigator.storage.persisted()) || navigator.storage.persist();
}

/** Pictures from the service as object URLs, kept for a while because the service forbids the browser's cache. */

import { useEffect, useState } from "preact/hooks";
import { api } from "./api";

/** A reading image is about 1 MB: three dozen are a study's ulcer with its baseline and some to spare. */
const KEPT = 36;
const kept = new Map<string, Promise<string>>();

function drop(path: string): void {
  const gone = kept.get(path);
  kept.delete(path);
  gone?.then(URL.revokeObjectURL, () => undefined);
}

/** Drop every picture: another person is signing in. */
export function forgetPictures(): void {
  for (const path of [...kept.keys()]) drop(path);
}

function objectUrl(path: string): Promise<string> {
  const known = kept.get(path);
  if (known) {
    kept.delete(path); // moved to the end: the least recently used is first
    kept.set(path, known);
    return known;
  }
  const fresh = api.picture(path).then((blob) => URL.createObjectURL(blob));
  kept.set(path, fresh);
  fresh.catch(() => kept.delete(path));
  const oldest = kept.keys().next().value;
  if (kept.size > KEPT && oldest !== undefined) drop(oldest);
  return fresh;
}

export interface Picture {
  url: string | null;
  error: unknown;
}

const NOTHING: Picture = { url: null, error: null };

/** The object URL of a picture, null until it is here. */
export function usePicture(path: string | null): Picture {
  const [shown, show] = useState<Picture & { path: string | null }>({ ...NOTHING, path: null });
  useEffect(() => {
    if (path === null) return undefined;
    let current = true;
    objectUrl(path).then(
      (url) => current && show({ url, error: null, path }),
      (error: unknown) => current && show({ url: null, error, path }),
    );
    return () => {
      current = false;
    };
  }, [path]);
  return shown.path === path ? shown : NOTHING;
}

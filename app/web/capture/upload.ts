/** Sends a photograph once; sending the same bytes under the same name any number of times is one photograph. */

import { ApiError, CHANGE_HEADERS, OfflineError, errorOf, heed, reached } from "../shared/api";
import type { Receipt } from "../shared/wire";
import type { WaitingPhoto } from "../tablet/vault";

/** A receipt, and how long the service asks this tablet to rest before the next photograph. */
export interface Received {
  receipt: Receipt;
  rest_ms: number;
}

/** What an old service, or a proxy that drops headers, does not say is no rest. */
export function restOf(header: string | null): number {
  const rest_ms = Number(header ?? "");
  return Number.isFinite(rest_ms) ? Math.min(Math.max(rest_ms, 0), LONGEST_REST_MS) : 0;
}

export type OnProgress = (share: number) => void;

/** Waits between attempts; the last one repeats for as long as the page is open. */
export const RETRY_WAITS_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000] as const;

/** A line so slow that 4 MB take longer does not exist at a site; one that has died without a word does. */
const LONGEST_UPLOAD_MS = 180_000;

/** Whatever the service says, a photograph is not held back for longer. */
const LONGEST_REST_MS = 30_000;

/** The bytes were altered on their way: the tablet still has the right ones. */
const ALTERED = "sha256_mismatch";

/** The service may say something else later: time-out, too many requests, or trouble of its own. */
export function mayPass(error: unknown): boolean {
  if (error instanceof OfflineError) return true;
  if (!(error instanceof ApiError)) return false;
  return error.status === 408 || error.status === 429 || error.status >= 500 || error.code === ALTERED;
}

export function addressOf({ id, ulcer_id, visit_code, added_at, optics }: WaitingPhoto): string {
  const about = new URLSearchParams({ ulcer_id, visit_code, taken_at: added_at });
  for (const [name, value] of Object.entries(optics ?? {})) if (value !== null) about.set(name, String(value));
  return `/v1/captures/${id}?${about.toString()}`;
}

/** A receipt that names these very bytes. */
export function heldTo(photo: WaitingPhoto, receipt: Receipt): Receipt {
  if (receipt.id !== photo.id || receipt.sha256 !== photo.sha256) throw new OfflineError("a receipt for other bytes");
  return receipt;
}

function receiptOf(photo: WaitingPhoto, text: string): Receipt {
  try {
    return heldTo(photo, JSON.parse(text) as Receipt);
  } catch (error) {
    // A page of the ward's network instead of the service's answer: no receipt.
    throw error instanceof OfflineError ? error : new OfflineError("no receipt");
  }
}

/** One attempt. XMLHttpRequest, because fetch does not tell how much has been sent. */
export function put(photo: WaitingPhoto, bytes: ArrayBuffer, onProgress: OnProgress): Promise<Received> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const lost = (why: string) => () => {
      reached.value = false;
      reject(new OfflineError(why));
    };
    request.open("PUT", addressOf(photo));
    request.timeout = LONGEST_UPLOAD_MS;
    request.setRequestHeader("Content-Type", photo.type);
    request.setRequestHeader("X-Content-SHA256", photo.sha256);
    for (const [name, value] of Object.entries(CHANGE_HEADERS)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = lost("network");
    request.ontimeout = lost("time-out");
    request.onload = () => {
      reached.value = true;
      if (request.status === 200 || request.status === 201) {
        try {
          const receipt = receiptOf(photo, request.responseText);
          resolve({ receipt, rest_ms: restOf(request.getResponseHeader("X-Rest-Ms")) });
        } catch (error) {
          reject(error);
        }
      } else {
        void errorOf({ status: request.status, text: async () => request.responseText }).then((e) => reject(heed(e)));
      }
    };
    request.send(bytes);
  });
}

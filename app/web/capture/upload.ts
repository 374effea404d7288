/** Sends a photograph until the service has given its receipt: the same bytes under the same name, any number of times. */

import { ApiError, CHANGE_HEADERS, OfflineError, errorOf, heed } from "../shared/api";
import type { Receipt } from "../shared/wire";
import type { WaitingPhoto } from "./vault";

export type OnProgress = (share: number) => void;
export type Send = (photo: WaitingPhoto, onProgress: OnProgress) => Promise<Receipt>;

/** Waits between attempts; the last one repeats for as long as the page is open. */
export const RETRY_WAITS_MS = [500, 1_000, 2_000, 5_000, 10_000, 30_000] as const;

/** The bytes were altered on their way: the tablet still has the right ones. */
const ALTERED = "sha256_mismatch";

/** The service may say something else later: time-out, too many requests, or trouble of its own. */
export function mayPass(error: unknown): boolean {
  if (error instanceof OfflineError) return true;
  if (!(error instanceof ApiError)) return false;
  return error.status === 408 || error.status === 429 || error.status >= 500 || error.code === ALTERED;
}

export function addressOf(photo: WaitingPhoto): string {
  const about = new URLSearchParams({
    ulcer_id: photo.ulcer_id,
    visit_code: photo.visit_code,
    taken_at: photo.added_at,
  });
  return `/v1/captures/${photo.id}?${about.toString()}`;
}

/** One attempt. XMLHttpRequest, because fetch does not tell how much has been sent. */
export const put: Send = (photo, onProgress) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", addressOf(photo));
    request.setRequestHeader("Content-Type", photo.type);
    request.setRequestHeader("X-Content-SHA256", photo.sha256);
    for (const [name, value] of Object.entries(CHANGE_HEADERS)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new OfflineError("network"));
    request.ontimeout = () => reject(new OfflineError("time-out"));
    request.onload = () => {
      if (request.status === 200 || request.status === 201) resolve(JSON.parse(request.responseText) as Receipt);
      else void errorOf({ status: request.status, text: async () => request.responseText }).then((error) => reject(heed(error)));
    };
    request.send(photo.bytes);
  });

export interface Persistence {
  send: Send;
  sleep: (milliseconds: number) => Promise<void>;
  onProgress: OnProgress;
  /** Called before each wait with the error that caused it. */
  onWait: (error: unknown, attempt: number) => void;
  /** True once nobody waits for this upload any more. */
  given_up: () => boolean;
}

/**
 * Send until there is a receipt that names these very bytes.
 *
 * @throws the service's error where sending again cannot help, or the last one when given up
 */
export async function persist(photo: WaitingPhoto, how: Persistence): Promise<Receipt> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const receipt = await how.send(photo, how.onProgress);
      if (receipt.sha256 !== photo.sha256) throw new OfflineError("the receipt names other bytes");
      return receipt;
    } catch (error) {
      if (!mayPass(error) || how.given_up()) throw error;
      how.onWait(error, attempt);
      await how.sleep(RETRY_WAITS_MS[Math.min(attempt, RETRY_WAITS_MS.length - 1)]!);
      if (how.given_up()) throw error;
    }
  }
}

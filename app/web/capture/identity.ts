/** Names and digests of photographs, made on the tablet. */

const ID_BYTES = 16;

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A random 128-bit name: no time, no order, no content in it. */
export function newCaptureId(): string {
  return hex(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
}

/** SHA-256 of the photograph's bytes, as hexadecimal. Browsers offer it on https and on this machine only. */
export async function sha256(bytes: ArrayBuffer): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

export const canDigest = (): boolean => typeof crypto !== "undefined" && crypto.subtle !== undefined;

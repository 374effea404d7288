/** Seals what the tablet keeps about a subject: AES-GCM, each piece bound to its name and owner. */

export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  bytes: ArrayBuffer;
}

const CIPHER = "AES-GCM";

/** NIST SP 800-38D, 8.2.2 and 8.3: random 96-bit initialisation vectors serve 2³² pieces under one key. */
export const IV_BYTES = 12;

const encoder = new TextEncoder();

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

/** The service's key as the browser's own: it seals and opens, and nobody can read it out again. */
export function vaultKey(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", raw, CIPHER, false, ["encrypt", "decrypt"]);
}

/** A key of this device alone, made here and readable by nobody. */
export function deviceKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: CIPHER, length: 256 }, false, ["encrypt", "decrypt"]);
}

/** @param bound what the piece is and whose: opening it as anything else fails */
export async function seal(key: CryptoKey, plain: BufferSource, bound: string): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const bytes = await crypto.subtle.encrypt({ name: CIPHER, iv, additionalData: encoder.encode(bound) }, key, plain);
  return { iv, bytes };
}

/** @throws OperationError where the key, the piece or what it is bound to is another */
export function unseal(key: CryptoKey, { iv, bytes }: Sealed, bound: string): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt({ name: CIPHER, iv, additionalData: encoder.encode(bound) }, key, bytes);
}

export function sealSaying(key: CryptoKey, saying: unknown, bound: string): Promise<Sealed> {
  return seal(key, encoder.encode(JSON.stringify(saying)), bound);
}

export async function unsealSaying<Saying>(key: CryptoKey, sealed: Sealed, bound: string): Promise<Saying> {
  return JSON.parse(new TextDecoder().decode(await unseal(key, sealed, bound))) as Saying;
}

/** A file as it is kept: checked, and without what its header tells. */

import type { Optics } from "../tablet/vault";
import { strip } from "./live/jpeg_header";
import { stripPng } from "./png_header";

/** The file is not what it says, or damaged: it is not kept, and the nurse is told at once. */
export class NotAPhotoError extends Error {}

/** The file as it is kept: without anything that its header tells but the lens, which is sent apart. */
export function laidBare(file: File, bytes: ArrayBuffer): { bytes: ArrayBuffer; optics: Optics | null } {
  try {
    if (file.type === "image/jpeg") return strip(bytes);
    if (file.type === "image/png") return { bytes: stripPng(bytes), optics: null };
  } catch {
    // Said below: whatever the reason, it cannot be looked at.
  }
  throw new NotAPhotoError(file.type);
}

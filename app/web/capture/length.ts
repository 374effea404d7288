/** A length as a person types it. */

/** Millimetres, with a point or a comma; null where it is no length. */
export function lengthOf(text: string): number | null {
  const plain = text.trim().replace(/\s*mm$/i, "").replace(",", ".");
  return /^\d{1,3}(\.\d{1,2})?$/.test(plain) ? Number(plain) : null;
}

/** Takes out of a PNG what does not draw its picture: texts, times, and the camera's header. */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;

/** PNG (third edition), 5.3: length and type before a chunk's data, a check sum after. */
const LENGTH_BYTES = 4;
const HEAD_BYTES = 8;
const TAIL_BYTES = 4;

/** Picture, palette, transparency and colours; every other chunk goes. */
const KEPT = new Set(["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "iCCP", "sRGB", "gAMA", "cHRM", "cICP", "sBIT"]);

/** @throws RangeError where it is no PNG, or ends before its picture does */
export function stripPng(bytes: ArrayBuffer): ArrayBuffer {
  const data = new Uint8Array(bytes);
  if (SIGNATURE.some((byte, i) => data[i] !== byte)) throw new RangeError("no PNG");
  const view = new DataView(bytes);
  const pieces = [data.subarray(0, SIGNATURE.length)];
  for (let at: number = SIGNATURE.length; ; ) {
    const end = at + HEAD_BYTES + view.getUint32(at) + TAIL_BYTES;
    if (end > data.length) throw new RangeError("cut off");
    const type = String.fromCharCode(...data.subarray(at + LENGTH_BYTES, at + HEAD_BYTES));
    if (KEPT.has(type)) pieces.push(data.subarray(at, end));
    if (type === "IEND") break;
    at = end;
  }
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const bare = new Uint8Array(size);
  let filled = 0;
  for (const piece of pieces) {
    bare.set(piece, filled);
    filled += piece.length;
  }
  return bare.buffer;
}

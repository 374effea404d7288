/** Takes out of a JPEG everything that does not draw its picture: what tells of person, place, time or device stays on
 * the tablet. The pictures' data are copied byte by byte. */

import { NO_OPTICS, opticsOf, type Optics } from "./exif";

export type { Optics };

/** The bytes are no JPEG, or end before its picture begins: nothing can be promised of them. */
export class NotJpeg extends Error {
  override name = "NotJpeg";
}

const MARK = 0xff;
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const COMMENT = 0xfe;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const APP15 = 0xef;
const RESTART_FIRST = 0xd0;
const RESTART_LAST = 0xd7;

/** Mark and length. */
const HEAD_BYTES = 4;

/** Of APP0: "JFIF\0", version, density; the thumbnail's two sides follow. */
const JFIF_BYTES = 14;
const JFIF_SIDES_AT = 12;

/** Of APP14: "Adobe", version, flags and how colours are coded. */
const ADOBE_BYTES = 12;

/** The picture without its history, and what measuring needs of it.
 *
 * Kept: tables, frames and scans; JFIF without its thumbnail; the colour profile; the twelve bytes by which Adobe's
 * programs say how colours are coded, without which some pictures would change their colours. What stands behind the
 * picture's end (previews, videos) goes.
 *
 * @throws NotJpeg
 */
export function strip(bytes: ArrayBuffer): { bytes: ArrayBuffer; optics: Optics } {
  const data = new Uint8Array(bytes);
  if (data[0] !== MARK || data[1] !== START_OF_IMAGE) throw new NotJpeg("no start of image");
  const kept: Uint8Array[] = [data.subarray(0, 2)];
  let optics: Optics | null = null;
  let drawn = false;
  let at = 2;
  while (at < data.length) {
    const segment = segmentAt(data, at);
    at = segment.end;
    if (segment.mark === END_OF_IMAGE) {
      kept.push(segment.whole);
      break;
    }
    optics ??= opticsIn(segment);
    const wanted = keptOf(segment);
    if (wanted) kept.push(wanted);
    if (segment.mark === START_OF_SCAN) {
      const end = scanEnd(data, at);
      kept.push(data.subarray(at, end));
      at = end;
      drawn = true;
    }
  }
  if (!drawn) throw new NotJpeg("no picture");
  return { bytes: joined(kept), optics: optics ?? NO_OPTICS };
}

interface Segment {
  mark: number;
  /** From its mark to its end. */
  whole: Uint8Array;
  /** Without mark and length. */
  content: Uint8Array;
  end: number;
}

function segmentAt(data: Uint8Array, start: number): Segment {
  if (data[start] !== MARK) throw new NotJpeg("no mark where one is due");
  let at = start;
  while (data[at + 1] === MARK) at += 1; // marks may be led by any number of fill bytes
  const mark = data[at + 1];
  if (mark === undefined) throw new NotJpeg("ends within a mark");
  if (mark === END_OF_IMAGE) return { mark, whole: data.subarray(at, at + 2), content: data.subarray(0, 0), end: at + 2 };
  const length = ((data[at + 2] ?? 0) << 8) | (data[at + 3] ?? 0);
  const end = at + 2 + length;
  if (length < 2 || end > data.length) throw new NotJpeg("ends within a segment");
  return { mark, whole: data.subarray(at, end), content: data.subarray(at + HEAD_BYTES, end), end };
}

/** Where the coded pixels that begin here are followed by a mark other than a restart; else the data's end. */
function scanEnd(data: Uint8Array, start: number): number {
  for (let at = data.indexOf(MARK, start); at >= 0; at = data.indexOf(MARK, at + 1)) {
    const next = data[at + 1];
    if (next === undefined) break;
    const coded = next === 0 || next === MARK || (next >= RESTART_FIRST && next <= RESTART_LAST);
    if (!coded) return at;
  }
  return data.length;
}

function keptOf(segment: Segment): Uint8Array | null {
  const { mark, whole, content } = segment;
  if (mark === COMMENT) return null;
  if (mark < APP0 || mark > APP15) return whole;
  if (mark === APP0 && begins(content, "JFIF\0") && content.length >= JFIF_BYTES) return withoutThumbnail(content);
  if (mark === APP2 && begins(content, "ICC_PROFILE\0")) return whole;
  if (mark === APP14 && begins(content, "Adobe") && content.length >= ADOBE_BYTES) {
    return built(APP14, content.subarray(0, ADOBE_BYTES));
  }
  return null;
}

function withoutThumbnail(content: Uint8Array): Uint8Array {
  const bare = content.slice(0, JFIF_BYTES);
  bare.fill(0, JFIF_SIDES_AT);
  return built(APP0, bare);
}

function built(mark: number, content: Uint8Array): Uint8Array {
  const length = content.length + 2;
  return Uint8Array.of(MARK, mark, length >> 8, length & 0xff, ...content);
}

function opticsIn({ mark, content }: Segment): Optics | null {
  const head = "Exif\0\0";
  if (mark !== APP1 || !begins(content, head)) return null;
  const tiff = content.subarray(head.length);
  return opticsOf(new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength));
}

function begins(content: Uint8Array, word: string): boolean {
  return [...word].every((letter, i) => content[i] === letter.charCodeAt(0));
}

function joined(parts: readonly Uint8Array[]): ArrayBuffer {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out.buffer;
}

import { expect, it } from "vitest";
import { randomness } from "./drawn_card.fixture";
import { NotJpeg, strip } from "./jpeg_header";

const SOI = [0xff, 0xd8];
const EOI = [0xff, 0xd9];

function ascii(word: string): number[] {
  return [...word].map((letter) => letter.charCodeAt(0));
}

function segment(mark: number, content: readonly number[]): number[] {
  const length = content.length + 2;
  return [0xff, mark, length >> 8, length & 0xff, ...content];
}

const JFIF = segment(0xe0, [...ascii("JFIF\0"), 1, 2, 0, 0, 1, 0, 1, 0, 0]);
const TABLES = segment(0xdb, [0, ...Array.from({ length: 64 }, (_, i) => i + 1)]);
const FRAME = segment(0xc0, [8, 0, 16, 0, 16, 1, 1, 0x11, 0]);
const SCAN = segment(0xda, [1, 1, 0, 0, 63, 0]);

/** Coded pixels: any bytes, 0xff stuffed or as restart marks. */
function coded(random: () => number, length: number): number[] {
  return Array.from({ length }, () => {
    const byte = Math.floor(256 * random());
    return byte === 0xff ? [0xff, random() < 0.5 ? 0 : 0xd0 + Math.floor(8 * random())] : [byte];
  }).flat();
}

const PIXELS = coded(randomness(1), 400);

function stripped(...parts: readonly (readonly number[])[]): number[] {
  return [...new Uint8Array(strip(bufferOf(...parts)).bytes)];
}

function bufferOf(...parts: readonly (readonly number[])[]): ArrayBuffer {
  return Uint8Array.from(parts.flat()).buffer;
}

/** A TIFF header with the camera's name, GPS and the three numbers that are wanted. */
function exif(little: boolean, wanted: { focal?: number; zoom?: [number, number]; orientation?: number }): number[] {
  const short = (n: number) => (little ? [n & 255, n >> 8] : [n >> 8, n & 255]);
  const long = (n: number) => (little ? [...short(n & 65535), ...short(n >>> 16)] : [...short(n >>> 16), ...short(n & 65535)]);
  const entry = (tag: number, type: number, value: number[]) => [...short(tag), ...short(type), ...long(1), ...value, ...Array(4 - value.length).fill(0)];
  const [main, deeper, zoomAt] = [8, 8 + 2 + 3 * 12 + 4, 8 + 2 + 3 * 12 + 4 + 2 + 2 * 12 + 4];
  return [
    ...ascii("Exif\0\0"), ...ascii(little ? "II" : "MM"), ...short(42), ...long(main),
    ...short(3), ...entry(0x0112, 3, short(wanted.orientation ?? 1)), ...entry(0x8769, 4, long(deeper)), ...entry(0x8825, 4, long(deeper)), ...long(0),
    ...short(2), ...entry(0xa404, 5, long(zoomAt)), ...entry(0xa405, 3, short(wanted.focal ?? 0)), ...long(0),
    ...long(wanted.zoom?.[0] ?? 0), ...long(wanted.zoom?.[1] ?? 1), ...ascii("GPS of a home"),
  ];
}

it("reads lens and turn from both byte orders, then drops the header", () => {
  for (const little of [true, false]) {
    const header = segment(0xe1, exif(little, { focal: 26, zoom: [15, 10], orientation: 6 }));
    const { bytes, optics } = strip(bufferOf(SOI, header, TABLES, FRAME, SCAN, PIXELS, EOI));
    expect(optics).toEqual({ focal_35mm_mm: 26, digital_zoom_ratio: 1.5, orientation: 6 });
    expect([...new Uint8Array(bytes)]).toEqual([SOI, TABLES, FRAME, SCAN, PIXELS, EOI].flat());
  }
});

it("takes noughts, and numbers that EXIF does not have, for silence", () => {
  const header = segment(0xe1, exif(true, { focal: 0, zoom: [0, 1], orientation: 9 }));
  expect(strip(bufferOf(SOI, header, TABLES, FRAME, SCAN, PIXELS, EOI)).optics).toEqual({
    focal_35mm_mm: null, digital_zoom_ratio: null, orientation: null,
  });
});

it("is not led astray by damaged headers", () => {
  const whole = exif(false, { focal: 26, orientation: 3 });
  for (let length = 0; length < whole.length; length++) {
    const out = strip(bufferOf(SOI, segment(0xe1, whole.slice(0, length)), TABLES, FRAME, SCAN, PIXELS, EOI));
    expect([...new Uint8Array(out.bytes)]).toEqual([SOI, TABLES, FRAME, SCAN, PIXELS, EOI].flat());
    expect([26, null]).toContain(out.optics.focal_35mm_mm);
  }
});

it("drops XMP, MPF, other profiles' names, comments and previews, and keeps JFIF and the colour profile", () => {
  const profile = segment(0xe2, [...ascii("ICC_PROFILE\0"), 1, 1, 9, 9, 9]);
  const dropped = [
    segment(0xe1, ascii("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>Jeanne</x:xmpmeta>")),
    segment(0xe2, ascii("MPF\0II*\0and so on")),
    segment(0xe0, [...ascii("JFXX\0"), 0x10, 1, 2, 3]),
    segment(0xed, ascii("Photoshop 3.0\0caption")),
    segment(0xef, ascii("maker")),
    segment(0xfe, ascii("taken by nurse 4")),
  ];
  expect(stripped(SOI, JFIF, profile, ...dropped, TABLES, FRAME, SCAN, PIXELS, EOI)).toEqual(
    [SOI, JFIF, profile, TABLES, FRAME, SCAN, PIXELS, EOI].flat(),
  );
});

it("takes the thumbnail out of JFIF, and what follows the twelve bytes out of Adobe's mark", () => {
  const withThumbnail = segment(0xe0, [...ascii("JFIF\0"), 1, 2, 0, 0, 1, 0, 1, 1, 1, 200, 150, 120]);
  const adobe = [...ascii("Adobe"), 0, 100, 0, 0, 0, 0, 1];
  expect(stripped(SOI, withThumbnail, segment(0xee, [...adobe, ...ascii("more")]), TABLES, FRAME, SCAN, PIXELS, EOI)).toEqual(
    [SOI, JFIF, segment(0xee, adobe), TABLES, FRAME, SCAN, PIXELS, EOI].flat(),
  );
});

it("cuts off what stands behind the picture: second pictures and films", () => {
  const second = [SOI, segment(0xe1, exif(true, { focal: 99 })), TABLES, FRAME, SCAN, PIXELS, EOI].flat();
  const out = strip(bufferOf(SOI, TABLES, FRAME, SCAN, PIXELS, EOI, second, ascii("ftypmp42")));
  expect([...new Uint8Array(out.bytes)]).toEqual([SOI, TABLES, FRAME, SCAN, PIXELS, EOI].flat());
  expect(out.optics.focal_35mm_mm).toBeNull();
});

it("leaves every byte of the coded pixels as it is, between any scans, restarts and comments", () => {
  const random = randomness(7);
  for (let i = 0; i < 60; i++) {
    const scans = Array.from({ length: 1 + Math.floor(4 * random()) }, () => coded(random, 1 + Math.floor(300 * random())));
    const clean = [SOI, TABLES, FRAME, ...scans.flatMap((pixels) => [SCAN, pixels]), EOI].flat();
    const dirty = [
      SOI, segment(0xe1, exif(random() < 0.5, { focal: 24 })), TABLES, FRAME,
      ...scans.flatMap((pixels) => [segment(0xfe, ascii("note")), [0xff, 0xff], SCAN.slice(1), pixels, segment(0xe5, [1, 2])]), EOI,
    ].flat();
    expect(stripped(dirty)).toEqual(clean);
    expect(stripped(clean)).toEqual(clean);
  }
});

it("keeps a picture whose end is missing, and refuses what is none", () => {
  expect(stripped(SOI, TABLES, FRAME, SCAN, PIXELS)).toEqual([SOI, TABLES, FRAME, SCAN, PIXELS].flat());
  const none: number[][] = [[], [0x89, 0x50, 0x4e, 0x47], SOI, [...SOI, ...EOI], [...SOI, ...TABLES.slice(0, 20)], [...SOI, 1, 2]];
  for (const bytes of none) expect(() => strip(bufferOf(bytes))).toThrow(NotJpeg);
});

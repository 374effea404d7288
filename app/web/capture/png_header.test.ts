import { describe, expect, it } from "vitest";
import { stripPng } from "./png_header";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function chunk(type: string, text: string): number[] {
  const data = [...new TextEncoder().encode(text)];
  return [0, 0, 0, data.length, ...new TextEncoder().encode(type), ...data, 1, 2, 3, 4];
}

const png = (...chunks: number[][]): ArrayBuffer => new Uint8Array([...SIGNATURE, ...chunks.flat()]).buffer;
const textOf = (bytes: ArrayBuffer): string => String.fromCharCode(...new Uint8Array(bytes));

describe("a PNG laid bare", () => {
  const whole = png(
    chunk("IHDR", "head"), chunk("tEXt", "Author: a name"), chunk("iCCP", "colours"), chunk("eXIf", "where and when"),
    chunk("IDAT", "pixels 1"), chunk("tIME", "today"), chunk("IDAT", "pixels 2"), chunk("iTXt", "more"), chunk("IEND", ""),
  );

  it("keeps picture and colours, byte by byte, and nothing that tells of person, place or time", () => {
    const bare = stripPng(whole);
    expect([...new Uint8Array(bare)]).toEqual([...new Uint8Array(png(
      chunk("IHDR", "head"), chunk("iCCP", "colours"), chunk("IDAT", "pixels 1"), chunk("IDAT", "pixels 2"), chunk("IEND", ""),
    ))]);
    for (const secret of ["name", "where", "today", "more"]) expect(textOf(bare)).not.toContain(secret);
  });

  it("drops what stands behind its end", () => {
    const longer = new Uint8Array([...new Uint8Array(whole), ...new TextEncoder().encode("a secret")]).buffer;
    expect([...new Uint8Array(stripPng(longer))]).toEqual([...new Uint8Array(stripPng(whole))]);
  });

  it("is not made of what is no PNG, or only a part of one", () => {
    expect(() => stripPng(new TextEncoder().encode("Dear colleague").buffer as ArrayBuffer)).toThrow(RangeError);
    expect(() => stripPng(whole.slice(0, whole.byteLength - 9))).toThrow(RangeError);
  });
});

import { describe, expect, it } from "vitest";
import { nameOf, pageOf, whereOf } from "./page_errors";

describe("what is told of a fault", () => {
  it("is where in our own files, and nothing else of the stack", () => {
    const stack = "RangeError: LYO-001 is not here\n    at show (https://site.example/assets/index-Ab12.js:3:456)\n    at x";
    expect(whereOf(stack)).toBe("index-Ab12.js:3:456");
    expect(whereOf("Error: LYO-001\n    at <anonymous>")).toBe("unknown:0:0");
    expect(whereOf(undefined)).toBe("unknown:0:0");
  });

  it("is the class of an error, never a value that was thrown", () => {
    expect(nameOf(new RangeError("LYO-001"))).toBe("RangeError");
    expect(nameOf("LYO-001")).toBe("string");
    expect(nameOf(Object.assign(new Error("x"), { name: "LYO-001 of Ms A" }))).toBe("Error");
  });

  it("is the page, without what follows", () => {
    expect(["/", "/capture", "/capture/photo", "/study/0a1b2c"].map(pageOf)).toEqual(["/", "/capture", "/capture", "/study"]);
  });
});

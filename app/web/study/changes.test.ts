import { describe, expect, it } from "vitest";
import { changes, plain } from "./changes";

describe("changes", () => {
  it("puts before and after side by side by name", () => {
    expect(changes({ state: "received", visit: "w0" }, { state: "measured", area_mm2: 11.6 })).toEqual([
      { name: "state", was: "received", is: "measured" },
      { name: "visit", was: "w0", is: null },
      { name: "area_mm2", was: null, is: "11.6" },
    ]);
  });

  it("leaves out what stayed, and is empty where nothing was recorded", () => {
    expect(changes({ visit: "w0", n: 1 }, { visit: "w0", n: 2 })).toEqual([{ name: "n", was: "1", is: "2" }]);
    expect(changes(null, null)).toEqual([]);
  });

  it("tells a value that is null from one that is not there", () => {
    expect(changes(null, { site: null })).toEqual([{ name: "site", was: null, is: "null" }]);
  });

  it("shows what is no set of values as it was recorded", () => {
    expect(changes(null, [1, 2])).toEqual([{ name: "", was: null, is: "1, 2" }]);
  });
});

it("writes deeper values as they were recorded", () => {
  expect(plain([{ a: 1 }])).toBe('[{"a":1}]');
  expect(plain(["a", "b"])).toBe("a, b");
  expect(plain(true)).toBe("true");
});

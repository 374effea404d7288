import { expect, it } from "vitest";
import { match } from "./router";

it("finds the parts of an address", () => {
  expect(match("/study/:ulcer/:visit", "/study/ab/W2")).toEqual({ ulcer: "ab", visit: "W2" });
  expect(match("/study/:ulcer", "/study/ab/W2")).toBeNull();
  expect(match("/study/:ulcer", "/audit/ab")).toBeNull();
  expect(match("/study", "/study/")).toEqual({});
});

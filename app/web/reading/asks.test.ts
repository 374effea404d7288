import { expect, it } from "vitest";
import { categoryOf, shared } from "./asks";

it("keeps the shares of tissue at 100 % together, none below nought", () => {
  let shares = { granulation: 50, fibrin: 50, necrosis: 0 };
  for (const [which, share] of [["necrosis", 35], ["fibrin", 100], ["granulation", 15], ["necrosis", 95]] as const) {
    shares = shared(shares, which, share);
    expect(shares[which]).toBe(share);
    expect(shares.granulation + shares.fibrin + shares.necrosis).toBe(100);
    expect(Math.min(...Object.values(shares))).toBeGreaterThanOrEqual(0);
  }
});

it("takes back what no longer belongs to the category", () => {
  expect(categoryOf("closed")).toEqual({ category: "closed", reason: null, tissue: null });
  expect(categoryOf("not_assessable")).toEqual({ category: "not_assessable", tissue: null });
  expect(categoryOf("open")).toEqual({ category: "open", reason: null });
});

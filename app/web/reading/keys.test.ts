import { expect, it } from "vitest";
import { actOf } from "./keys";

const pressed = (key: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey" | "shiftKey", boolean>> = {}) => ({
  key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held,
});

it("knows the letters for what is said, large or small", () => {
  expect(actOf(pressed("o"), true)).toEqual({ do: "category", category: "open" });
  expect(actOf(pressed("N", { shiftKey: true }), true)).toEqual({ do: "category", category: "not_assessable" });
  expect(actOf(pressed("4"), true)).toEqual({ do: "confidence", confidence: 4 });
  expect(actOf(pressed("6"), true)).toBeNull();
});

it("takes back and brings again with Control or Command, whatever else is off", () => {
  for (const held of [{ ctrlKey: true }, { metaKey: true }]) {
    expect(actOf(pressed("z", held), false)).toEqual({ do: "undo" });
    expect(actOf(pressed("Z", { ...held, shiftKey: true }), false)).toEqual({ do: "redo" });
    expect(actOf(pressed("y", held), false)).toEqual({ do: "redo" });
  }
});

it("leaves the browser's own keys alone, and letters where they are switched off", () => {
  expect(actOf(pressed("c", { ctrlKey: true }), true)).toBeNull();
  expect(actOf(pressed("s", { metaKey: true }), true)).toBeNull();
  expect(actOf(pressed("o", { altKey: true }), true)).toBeNull();
  expect(actOf(pressed("o"), false)).toBeNull();
});

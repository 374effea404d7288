import { describe, expect, it } from "vitest";
import { FINGERS, cells, sides, spot, thumbLeft, viewOf } from "./hand_shape";

const index = FINGERS.find((finger) => finger.digit === "index")!;
const up = (phalanx: "distal" | "middle" | "proximal", surface: "tip" | "pulp" | "palmar") =>
  spot(index, { phalanx, surface, side: "central" }).up;

describe("the hand map", () => {
  it("shows a right hand's back and a left hand's palm with the thumb on the left", () => {
    expect([thumbLeft("right", "dorsal"), thumbLeft("left", "palmar")]).toEqual([true, true]);
    expect([thumbLeft("right", "palmar"), thumbLeft("left", "dorsal")]).toEqual([false, false]);
  });

  it("has the radial side where the thumb is", () => {
    expect(sides("right", "dorsal")[0]).toBe("radial");
    expect(sides("right", "palmar")[2]).toBe("radial");
  });

  it("draws nails and backs on the back, all else on the palm", () => {
    expect([viewOf("periungual"), viewOf("dorsal")]).toEqual(["dorsal", "dorsal"]);
    expect([viewOf("pulp"), viewOf("tip"), viewOf("palmar")]).toEqual(["palmar", "palmar", "palmar"]);
  });

  it("puts a tip above a pulp, that above the middle phalanx, that above the proximal one", () => {
    const heights = [up("distal", "tip"), up("distal", "pulp"), up("middle", "palmar"), up("proximal", "palmar")];
    expect(heights).toEqual([...heights].sort((a, b) => b - a));
    expect(spot(index, { phalanx: "distal", surface: "pulp", side: "radial" }).across).toBeLessThan(0);
  });

  it("offers every surface of the service, and no middle phalanx of a thumb", () => {
    const all = [...cells("index", "palmar"), ...cells("index", "dorsal")];
    expect(new Set(all.map((cell) => cell.surface))).toEqual(new Set(["tip", "pulp", "palmar", "dorsal", "periungual"]));
    expect([...cells("thumb", "palmar"), ...cells("thumb", "dorsal")].some((cell) => cell.phalanx === "middle")).toBe(false);
  });
});

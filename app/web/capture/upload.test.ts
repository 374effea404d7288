import { describe, expect, it } from "vitest";
import { ApiError, OfflineError } from "../shared/api";
import type { Receipt } from "../shared/wire";
import type { WaitingPhoto } from "../tablet/vault";
import { newCaptureId, sha256 } from "./identity";
import { addressOf, heldTo, mayPass } from "./upload";

const photo: WaitingPhoto = {
  id: "0123456789abcdef0123456789abcdef", owner: "nurse", ulcer_id: "u1", visit_code: "W2", type: "image/jpeg",
  sha256: "abc", added_at: "2025-01-01T10:00:00.000Z", optics: null,
};
const receipt: Receipt = { id: photo.id, sha256: "abc", size_bytes: 3, received_at: "2025-01-01T10:00:01Z", state: "received" };
const refusal = (status: number) => new ApiError(status, "code", "fr", "en");

describe("the address of a photograph", () => {
  it("names it, its place and its time", () => {
    expect(addressOf(photo)).toBe(
      `/v1/captures/${photo.id}?ulcer_id=u1&visit_code=W2&taken_at=2025-01-01T10%3A00%3A00.000Z`,
    );
  });

  it("says of the lens what the header said, and nothing that it did not", () => {
    const optics = { focal_35mm_mm: 26, digital_zoom_ratio: null, orientation: 6 };
    const said = new URLSearchParams(addressOf({ ...photo, optics }).split("?")[1]);
    expect(said.get("focal_35mm_mm")).toBe("26");
    expect(said.get("orientation")).toBe("6");
    expect(said.has("digital_zoom_ratio")).toBe(false);
  });
});

describe("a receipt", () => {
  it("is taken for these very bytes only", () => {
    expect(heldTo(photo, receipt)).toBe(receipt);
    expect(() => heldTo(photo, { ...receipt, sha256: "other" })).toThrow(OfflineError);
    expect(() => heldTo(photo, { ...receipt, id: "f".repeat(32) })).toThrow(OfflineError);
  });
});

it("tells passing trouble from a refusal", () => {
  expect([408, 429, 500, 502, 503].every((status) => mayPass(refusal(status)))).toBe(true);
  expect(mayPass(new ApiError(400, "sha256_mismatch", "fr", "en"))).toBe(true);
  expect([400, 409, 415].some((status) => mayPass(refusal(status)))).toBe(false);
  expect(mayPass(new Error("a fault of our own"))).toBe(false);
});

describe("names and digests", () => {
  it("are 128 random bits in hexadecimal, never twice the same", () => {
    const ids = Array.from({ length: 1000 }, newCaptureId);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    expect(new Set(ids).size).toBe(1000);
  });

  it("digest as FIPS 180-2's example says", async () => {
    const abc = new TextEncoder().encode("abc").buffer as ArrayBuffer;
    expect(await sha256(abc)).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});

import { describe, expect, it } from "vitest";
import { ApiError, OfflineError } from "../shared/api";
import type { Receipt } from "../shared/wire";
import { newCaptureId, sha256 } from "./identity";
import { RETRY_WAITS_MS, addressOf, mayPass, persist, type Send } from "./upload";
import type { WaitingPhoto } from "./vault";

const photo: WaitingPhoto = {
  id: "0123456789abcdef0123456789abcdef", owner: "nurse", ulcer_id: "u1", visit_code: "W2", type: "image/jpeg",
  bytes: new Uint8Array([1, 2, 3]).buffer, sha256: "abc", added_at: "2025-01-01T10:00:00.000Z",
};
const receipt: Receipt = { id: photo.id, sha256: "abc", size_bytes: 3, received_at: "2025-01-01T10:00:01Z", state: "received" };
const refusal = (status: number) => new ApiError(status, "code", "fr", "en");

/** A service that fails with `failures` in turn, then answers. */
function service(failures: unknown[], answer: Receipt = receipt) {
  const sent: string[] = [];
  const waits: number[] = [];
  const send: Send = async (p) => {
    sent.push(addressOf(p));
    if (sent.length <= failures.length) throw failures[sent.length - 1];
    return answer;
  };
  const how = {
    send,
    sleep: async (ms: number) => void waits.push(ms),
    onProgress: () => undefined,
    onWait: () => undefined,
    given_up: () => false,
  };
  return { sent, waits, how };
}

describe("sending a photograph", () => {
  it("goes on through lost networks and a troubled service, always under the same name", async () => {
    const { sent, waits, how } = service([new OfflineError("x"), refusal(503), refusal(429), new OfflineError("y")]);
    await expect(persist(photo, how)).resolves.toEqual(receipt);
    expect(sent).toHaveLength(5);
    expect(new Set(sent).size).toBe(1);
    expect(sent[0]).toContain(photo.id);
    expect(waits).toEqual(RETRY_WAITS_MS.slice(0, 4));
  });

  it("waits no longer than the last wait, however often it fails", async () => {
    const { waits, how } = service(Array.from({ length: 20 }, () => new OfflineError("x")));
    await persist(photo, how);
    expect(Math.max(...waits)).toBe(RETRY_WAITS_MS.at(-1));
    expect(waits).toHaveLength(20);
  });

  it.each([400, 401, 403, 404, 409, 413, 415, 422])("does not repeat what answer %d refuses for good", async (status) => {
    const { sent, how } = service([refusal(status)]);
    await expect(persist(photo, how)).rejects.toMatchObject({ status });
    expect(sent).toHaveLength(1);
  });

  it("does not take a receipt for other bytes", async () => {
    const { how } = service([], { ...receipt, sha256: "other" });
    let tries = 0;
    await expect(persist(photo, { ...how, given_up: () => ++tries > 3 })).rejects.toBeInstanceOf(OfflineError);
  });

  it("ends when nobody waits any more, with the photograph still unsent", async () => {
    const { sent, how } = service(Array.from({ length: 9 }, () => new OfflineError("x")));
    await expect(persist(photo, { ...how, given_up: () => sent.length >= 2 })).rejects.toBeInstanceOf(OfflineError);
    expect(sent).toHaveLength(2);
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

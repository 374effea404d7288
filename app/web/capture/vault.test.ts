import "fake-indexeddb/auto";
import { expect, it } from "vitest";
import { keep, release, waitingOf, type WaitingPhoto } from "./vault";

const photo = (id: string, owner: string, added_at: string): WaitingPhoto => ({
  id, owner, ulcer_id: "u", visit_code: "W0", type: "image/jpeg",
  bytes: new Uint8Array([7, 8, 9]).buffer, sha256: "s", added_at,
});

it("keeps photographs by person, oldest first, until they are released", async () => {
  await keep(photo("b", "lyon", "2025-01-02T00:00:00Z"));
  await keep(photo("a", "lyon", "2025-01-01T00:00:00Z"));
  await keep(photo("c", "lille", "2025-01-01T00:00:00Z"));
  const waiting = await waitingOf("lyon");
  expect(waiting.map((p) => p.id)).toEqual(["a", "b"]);
  expect([...new Uint8Array(waiting[0]!.bytes)]).toEqual([7, 8, 9]);
  await release("a");
  expect((await waitingOf("lyon")).map((p) => p.id)).toEqual(["b"]);
  expect((await waitingOf("lille")).map((p) => p.id)).toEqual(["c"]);
});

import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { findKey, dropKeys, heldKey, takeKey } from "./keyring";
import { PIN_ITERATIONS, PIN_TRIES, canUnwrap, unwrapByPin, wrapByPin } from "./pin_key";
import { seal, unseal } from "./seal";

const GIVEN = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
/** The tests' own: that the number on tablets is large is checked by itself. */
const FEW = 10;
const plain = new TextEncoder().encode("a photograph");

describe("a key wrapped by a PIN", () => {
  it("opens what the service's key has sealed", async () => {
    const key = await takeKey("lyon", GIVEN);
    const sealed = await seal(key, plain, "x");
    await wrapByPin("lyon", "274913", GIVEN, FEW);
    await dropKeys();
    expect([heldKey("lyon"), await findKey("lyon")]).toEqual([null, null]);
    const found = await unwrapByPin("lyon", "274913");
    if (!("key" in found)) throw new Error("the right PIN was refused");
    expect(new Uint8Array(await unseal(found.key, sealed, "x"))).toEqual(plain);
    expect(found.key.extractable).toBe(false);
  });

  it("takes the right PIN after four wrong ones, and counts afresh", async () => {
    for (let left = PIN_TRIES - 1; left > 0; left -= 1) {
      expect(await unwrapByPin("lyon", "000000")).toEqual({ tries_left: left });
    }
    expect("key" in (await unwrapByPin("lyon", "274913"))).toBe(true);
    expect(await unwrapByPin("lyon", "000000")).toEqual({ tries_left: PIN_TRIES - 1 });
  });

  it("is dropped at the fifth wrong PIN: the right one opens nothing any more", async () => {
    await wrapByPin("lille", "274913", GIVEN, FEW);
    for (let tries = 0; tries < PIN_TRIES; tries += 1) await unwrapByPin("lille", "111111");
    expect(await canUnwrap("lille")).toBe(false);
    expect(await unwrapByPin("lille", "274913")).toEqual({ tries_left: 0 });
    expect(await canUnwrap("lyon")).toBe(true);
  });

  it("is stretched as OWASP advises", () => {
    expect(PIN_ITERATIONS).toBeGreaterThanOrEqual(600_000);
  });
});

describe("the keyring", () => {
  it("finds the key of a page that was open before, and of nobody else", async () => {
    await takeKey("lyon", GIVEN);
    expect(await findKey("lyon")).not.toBeNull();
    await takeKey("lille", GIVEN);
    expect(await findKey("lyon")).toBeNull();
  });
});

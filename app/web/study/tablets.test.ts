import { describe, expect, it } from "vitest";
import { ago, inOrder, stateOf, type Tablet } from "./tablets";

const NOW = new Date("2026-01-05T12:00:00Z");

function tablet(changed: Partial<Tablet> = {}): Tablet {
  return {
    id: "1", site_code: "LYO", name: "Tablet 1", code_expires_at: null, enrolled_at: null, last_seen_at: null,
    revoked_at: null, ...changed,
  };
}

describe("stateOf", () => {
  it("tells a code that is good from one that is not", () => {
    expect(stateOf(tablet({ code_expires_at: "2026-01-05T12:00:01Z" }), NOW)).toBe("waiting");
    expect(stateOf(tablet({ code_expires_at: "2026-01-05T12:00:00Z" }), NOW)).toBe("expired");
    expect(stateOf(tablet(), NOW)).toBe("expired");
  });

  it("says revoked whatever came before", () => {
    expect(stateOf(tablet({ enrolled_at: "2026-01-01T00:00:00Z" }), NOW)).toBe("enrolled");
    const revoked = tablet({ enrolled_at: "2026-01-01T00:00:00Z", revoked_at: "2026-01-02T00:00:00Z" });
    expect(stateOf(revoked, NOW)).toBe("revoked");
  });
});

describe("inOrder", () => {
  it("puts tablets in use first by name, revoked ones below with the latest first", () => {
    const names = inOrder([
      tablet({ name: "old", revoked_at: "2026-01-02T00:00:00Z" }),
      tablet({ name: "Tablet 10" }),
      tablet({ name: "newer", revoked_at: "2026-01-03T00:00:00Z" }),
      tablet({ name: "Tablet 2" }),
    ]).map(({ name }) => name);
    expect(names).toEqual(["Tablet 2", "Tablet 10", "newer", "old"]);
  });
});

describe("ago", () => {
  it("knows no more than to a quarter of an hour, and never looks forwards", () => {
    expect(ago("2026-01-05T12:00:09Z", NOW)).toBeNull();
    expect(ago("2026-01-05T11:46:00Z", NOW)).toBeNull();
    expect(ago("2026-01-05T11:45:00Z", NOW)).toEqual({ value: -15, unit: "minute" });
  });

  it("counts minutes, then hours, then days", () => {
    expect(ago("2026-01-05T11:01:00Z", NOW)).toEqual({ value: -59, unit: "minute" });
    expect(ago("2026-01-05T11:00:00Z", NOW)).toEqual({ value: -1, unit: "hour" });
    expect(ago("2026-01-03T12:01:00Z", NOW)).toEqual({ value: -47, unit: "hour" });
    expect(ago("2026-01-03T12:00:00Z", NOW)).toEqual({ value: -2, unit: "day" });
  });
});

/** A case on the desk: what the service and this device know of it, what is said, and its undoing. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { OfflineError, readingApi } from "../shared/api";
import { me } from "../shared/session";
import { sleepOrOnline } from "../shared/watch";
import type { ReadingCase, ReadingLock, ReadingSignature, Saying } from "../shared/wire";
import { draftOf, dropDraft, keepDraft, keepPast, pastOf } from "./draft_vault";
import { Keeper, start, type Keeping, type Start } from "./keeper";
import { begun, gone, redone, states, undone, type Past } from "./past";
import { sameRings, type Rings } from "./rings";
import { said } from "./saying";

export interface CaseOnDesk {
  reading: ReadingCase;
  saying: Saying;
  past: Past<Rings>;
  keeping: Keeping;
  /** What opening it brought: strokes that only this device had, or that were overtaken elsewhere. */
  found: "resumed" | "overtaken" | null;
}

/** That it is the account's holder who signs. */
export type Proof = Pick<ReadingSignature, "password" | "second_factor">;

export interface CaseDesk {
  desk: CaseOnDesk | null;
  error: unknown;
  reload: () => void;
  /** Say something of it; a drawing can be undone. */
  say: (change: Partial<Saying>) => void;
  undo: () => void;
  redo: () => void;
  ownStands: () => Promise<void>;
  lock: (proof: Proof) => Promise<ReadingLock>;
}

/** What undo leads back to: what this device kept, and what came after it. */
export function pastAt(kept: Past<Rings> | null, { shown, overtaken }: Start): Past<Rings> {
  const rings = [...(overtaken ? [overtaken.rings] : []), shown.rings];
  const from = kept ?? begun<Rings>(rings[0]!);
  return rings.reduce((past, next) => (sameRings(past.now, next) ? past : gone(past, next)), from);
}

interface Opened {
  desk: CaseOnDesk;
  /** How many of the past's first drawings are on this device. */
  known: number;
  base: number;
  resume: (keeper: Keeper) => void;
}

async function opened(owner: string, code: string): Promise<Opened> {
  const reading = await readingApi.open(code);
  const kept = await draftOf(owner, code).catch(() => null);
  const isLocked = reading.state === "locked";
  if (isLocked) await dropDraft(owner, code).catch(() => undefined);
  const begin = start(reading.draft?.number ?? 0, said(reading.draft), isLocked ? null : kept);
  const keptPast = isLocked ? null : await pastOf(owner, code).catch(() => null);
  const past = pastAt(keptPast, begin);
  const keeping: Keeping = { state: "saved", error: null, draft: reading.draft };
  const found = begin.overtaken ? "overtaken" : begin.unsent ? "resumed" : null;
  return {
    desk: { reading, saying: begin.shown, past, keeping, found },
    known: past === keptPast ? states(past).length : keptPast ? keptPast.before.length + 1 : 0,
    base: begin.base,
    resume: (keeper) => begin.unsent && keeper.resume(begin.unsent),
  };
}

/** Everything that can be done with one case. */
export function useCase(code: string): CaseDesk {
  const owner = me.value!.username;
  const [desk, setDesk] = useState<CaseOnDesk | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);
  const now = useRef<CaseOnDesk | null>(null);
  const keeper = useRef<Keeper | null>(null);
  const known = useRef(0);

  const show = useCallback((next: CaseOnDesk | null) => {
    now.current = next;
    setDesk(next);
  }, []);

  useEffect(() => {
    let current = true;
    show(null);
    setError(null);
    const tell = (keeping: Keeping): void => {
      if (!current || !now.current) return;
      const draft = keeping.draft ?? now.current.keeping.draft;
      show({ ...now.current, keeping: { ...keeping, draft } });
    };
    opened(owner, code).then(
      ({ desk: fresh, known: kept, base, resume }) => {
        if (!current) return;
        known.current = kept;
        show(fresh);
        const outside = {
          send: (number: number, saying: Saying) => readingApi.draft(code, number, saying),
          keep: keepDraft, rest: sleepOrOnline, tell,
        };
        keeper.current = new Keeper(owner, code, base, outside);
        resume(keeper.current);
      },
      (caught: unknown) => current && setError(caught),
    );
    const leaving = (): void => {
      if (document.visibilityState === "hidden") void keeper.current?.flush();
    };
    document.addEventListener("visibilitychange", leaving);
    return () => {
      current = false;
      document.removeEventListener("visibilitychange", leaving);
      keeper.current?.end();
      keeper.current = null;
    };
  }, [code, turn]);

  function sayNow(saying: Saying, past: Past<Rings>): void {
    if (!now.current || now.current.reading.state === "locked") return;
    show({ ...now.current, saying, past });
    keeper.current?.say(saying);
  }

  /** @param unchanged how many of the first drawings are as they were */
  function keepSteps(past: Past<Rings>, unchanged: number): void {
    // A full disk costs the undoing after a reload, never the drawing itself; the next stroke tries all again.
    keepPast(owner, code, past, Math.min(known.current, unchanged)).catch(() => (known.current = 0));
    known.current = states(past).length;
  }

  function say(change: Partial<Saying>): void {
    if (!now.current) return;
    const { saying, past } = now.current;
    const next = { ...saying, ...change };
    if (sameRings(next.rings, saying.rings)) return sayNow(next, past);
    const after = gone(past, next.rings);
    keepSteps(after, after.before.length);
    sayNow(next, after);
  }

  function turned(turning: (past: Past<Rings>) => Past<Rings>): void {
    if (!now.current) return;
    const past = turning(now.current.past);
    if (past === now.current.past) return;
    keepSteps(past, states(past).length);
    sayNow({ ...now.current.saying, rings: past.now }, past);
  }

  /** Everything said is at the service; what is signed or let stand is what was drawn. */
  async function settled(): Promise<void> {
    if (now.current?.keeping.state === "waiting") throw new OfflineError("a draft waits for the network");
    await keeper.current?.flush();
    const { state, error: refusal } = now.current!.keeping;
    if (state === "older" || state === "refused") throw refusal;
  }

  async function ownStands(): Promise<void> {
    await settled();
    const reading = await readingApi.ownStands(code, keeper.current?.number ?? null);
    keeper.current?.wentOn(reading.draft?.number ?? 0);
    if (now.current) show({ ...now.current, reading });
  }

  async function lock(proof: Proof): Promise<ReadingLock> {
    await settled();
    const number = keeper.current?.number ?? null;
    const signed = await readingApi.lock(code, { ...proof, meaning_accepted: true, number });
    keeper.current?.end();
    keeper.current = null;
    await dropDraft(owner, code).catch(() => undefined);
    return signed;
  }

  return {
    desk, error, say, ownStands, lock,
    reload: () => setTurn((n) => n + 1),
    undo: () => turned(undone),
    redo: () => turned(redone),
  };
}

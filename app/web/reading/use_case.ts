/** A case on the desk: what the service and this device know of it, what is said, and its undoing. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { OfflineError, readingApi } from "../shared/api";
import { me } from "../shared/session";
import { sleepOrOnline } from "../shared/watch";
import type { ReadingCase, ReadingLock, ReadingSignature, Saying } from "../shared/wire";
import { draftOf, dropDraft, keepDraft } from "./draft_vault";
import { Keeper, start, type Keeping } from "./keeper";
import { begun, gone, redone, undone, type Past } from "./past";
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

async function opened(owner: string, code: string): Promise<{ desk: CaseOnDesk; base: number; resume: (keeper: Keeper) => void }> {
  const reading = await readingApi.open(code);
  const kept = await draftOf(owner, code).catch(() => null);
  const isLocked = reading.state === "locked";
  if (isLocked) await dropDraft(owner, code).catch(() => undefined);
  const begin = start(reading.draft?.number ?? 0, said(reading.draft), isLocked ? null : kept);
  const past = begin.overtaken ? gone(begun<Rings>(begin.overtaken.rings), begin.shown.rings) : begun<Rings>(begin.shown.rings);
  const keeping: Keeping = { state: "saved", error: null, draft: reading.draft };
  const found = begin.overtaken ? "overtaken" : begin.unsent ? "resumed" : null;
  return {
    desk: { reading, saying: begin.shown, past, keeping, found },
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
      ({ desk: fresh, base, resume }) => {
        if (!current) return;
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

  function say(change: Partial<Saying>): void {
    if (!now.current) return;
    const { saying, past } = now.current;
    const next = { ...saying, ...change };
    sayNow(next, sameRings(next.rings, saying.rings) ? past : gone(past, next.rings));
  }

  function turned(turning: (past: Past<Rings>) => Past<Rings>): void {
    if (!now.current) return;
    const past = turning(now.current.past);
    if (past !== now.current.past) sayNow({ ...now.current.saying, rings: past.now }, past);
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
    const reading = await readingApi.ownStands(code);
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

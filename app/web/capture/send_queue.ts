/**
 * What waits goes to the service one after another, two at a time where nobody else sends; what fails in passing
 * waits longer each time, and never leaves.
 */

import { ApiError, OfflineError } from "../shared/api";
import { RETRY_WAITS_MS, mayPass } from "./upload";

/** Two fill a site's line; more would only make each slower. Where others send too, one is a fair share. */
const [AT_ONCE, AT_ONCE_AMONG_OTHERS] = [2, 1];

/** Another tab of this tablet is sending it: look again once it is likely to be done. */
const ELSEWHERE_WAIT_MS = 5_000;

export class ElsewhereError extends Error {}

/** The session has ended, or this device is not enrolled: nothing is wrong with the photograph. */
export function mustWait(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 401 || error.code === "tablet_needed");
}

export interface Sending {
  /** Send one, and store its receipt; milliseconds to rest before the next, where the service told. */
  ship: (id: string) => Promise<number | undefined>;
  /** It will be sent again. */
  postponed: (id: string, error: unknown) => void;
  /** The service refuses it for good: it stays on the tablet, and a person has to look. */
  refused: (id: string, error: unknown) => void;
}

interface Turn {
  tries: number;
  not_before: number;
}

export function retryWait_ms(tries: number): number {
  return RETRY_WAITS_MS[Math.min(tries, RETRY_WAITS_MS.length) - 1] ?? RETRY_WAITS_MS[0];
}

export class SendQueue {
  private readonly turns = new Map<string, Turn>();
  private readonly underWay = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Until the first receipt it is not known whether others send. */
  private atOnce = AT_ONCE_AMONG_OTHERS;
  private restedAt = 0;
  private stopped = false;

  constructor(
    private readonly how: Sending,
    private readonly now: () => number = Date.now,
  ) {}

  has(id: string): boolean {
    return this.turns.has(id);
  }

  /** In the order in which they were made. */
  add(id: string): void {
    if (!this.turns.has(id)) this.turns.set(id, { tries: 0, not_before: 0 });
    this.go();
  }

  drop(id: string): void {
    this.turns.delete(id);
  }

  /** The network is back, or the page is looked at again: no one waits any longer. */
  wake(): void {
    for (const turn of this.turns.values()) turn.not_before = 0;
    this.go();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private go(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    const now = this.now();
    let soonest = Number.POSITIVE_INFINITY;
    for (const [id, turn] of this.turns) {
      if (this.underWay.size >= this.atOnce) return; // whichever ends looks again
      if (this.underWay.has(id)) continue;
      const due = Math.max(turn.not_before, this.restedAt);
      if (due <= now) void this.take(id, turn);
      else soonest = Math.min(soonest, due);
    }
    if (Number.isFinite(soonest)) this.timer = setTimeout(() => this.go(), soonest - now);
  }

  private async take(id: string, turn: Turn): Promise<void> {
    this.underWay.add(id);
    try {
      const rest_ms = await this.how.ship(id);
      this.turns.delete(id);
      if (rest_ms !== undefined) this.rest(rest_ms);
    } catch (error) {
      this.failed(id, turn, error);
    }
    this.underWay.delete(id);
    this.go();
  }

  private rest(rest_ms: number): void {
    this.atOnce = rest_ms > 0 ? AT_ONCE_AMONG_OTHERS : AT_ONCE;
    this.restedAt = this.now() + rest_ms;
  }

  private failed(id: string, turn: Turn, error: unknown): void {
    if (this.stopped) return;
    if (error instanceof ElsewhereError) {
      turn.not_before = this.now() + ELSEWHERE_WAIT_MS;
      return;
    }
    if (!mayPass(error) && !mustWait(error)) {
      this.turns.delete(id);
      this.how.refused(id, error);
      return;
    }
    turn.tries += 1;
    turn.not_before = this.now() + retryWait_ms(turn.tries);
    // Without a network none of the others would arrive either.
    if (error instanceof OfflineError) {
      for (const other of this.turns.values()) other.not_before = Math.max(other.not_before, turn.not_before);
    }
    this.how.postponed(id, error);
  }
}

/**
 * Keeps a reader's drafts: on the device at once, at the service soon after, whatever the network does.
 *
 * A draft that was sent without an answer may have arrived: it is sent again as it was, which changes nothing at the
 * service, before anything newer goes.
 */

import { ApiError, OfflineError } from "../shared/api";
import type { Draft, Saying } from "../shared/wire";
import type { KeptDraft } from "./draft_vault";
import { saysSame, toSend } from "./saying";

/** `saved`: the service has it; `older`: it was changed elsewhere; `refused`: the service does not take it. */
export type KeepingState = "saved" | "saving" | "waiting" | "older" | "refused";

export interface Keeping {
  state: KeepingState;
  error: unknown;
  /** The service's last answer. */
  draft: Draft | null;
}

export interface Outside {
  send: (number: number, saying: Saying) => Promise<Draft>;
  keep: (draft: KeptDraft) => Promise<void>;
  /** Wait so long, or until the network is back. */
  rest: (ms: number) => Promise<void>;
  tell: (keeping: Keeping) => void;
}

/** After the last stroke, before the service is troubled with it. */
const CALM_MS = 700;
const RETRY_FIRST_MS = 1_000;
const RETRY_SLOWEST_MS = 20_000;
const SERVER_TROUBLE_STATUS = 500;
const TOO_MANY_STATUS = 429;

export function retryWait_ms(tried: number): number {
  return Math.min(RETRY_SLOWEST_MS, RETRY_FIRST_MS * 2 ** tried);
}

function mayPass(error: unknown): boolean {
  if (error instanceof OfflineError) return true;
  return error instanceof ApiError && (error.status >= SERVER_TROUBLE_STATUS || error.status === TOO_MANY_STATUS);
}

export class Keeper {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private latest: Saying | null = null;
  private sent: Saying | null = null;
  private running: Promise<void> | null = null;
  private over = false;

  constructor(
    private readonly owner: string,
    private readonly code: string,
    private base: number,
    private readonly outside: Outside,
  ) {}

  /** Take up what a reload interrupted. */
  resume(kept: KeptDraft): void {
    this.sent = kept.sent;
    this.latest = kept.saying;
    void this.flush();
  }

  /** Something was said: on the device now, at the service once the reader pauses. */
  say(saying: Saying): void {
    this.latest = saying;
    void this.store();
    this.outside.tell({ state: "saving", error: null, draft: null });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), CALM_MS);
  }

  /** Send what is not sent yet; resolved when the service has all of it, or refuses it. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.running ??= this.run().finally(() => (this.running = null));
    return this.running;
  }

  /** Of the service's draft that everything here builds on. */
  get number(): number {
    return this.base;
  }

  /** The service has gone on to this number by another step than a draft. */
  wentOn(number: number): void {
    this.base = number;
  }

  /** The page turns to something else: one last try, and what fails waits on the device. */
  end(): void {
    void this.flush();
    this.over = true;
  }

  private async run(): Promise<void> {
    let tried = 0;
    while (!this.over && (this.sent ?? this.latest) !== null) {
      try {
        await this.once();
        tried = 0;
      } catch (error) {
        if (!mayPass(error)) return this.refused(error);
        this.outside.tell({ state: "waiting", error, draft: null });
        await this.outside.rest(retryWait_ms(tried++));
      }
    }
  }

  private async once(): Promise<void> {
    const saying = this.sent ?? toSend(this.latest!);
    this.sent = saying;
    await this.store();
    const draft = await this.outside.send(this.base + 1, saying);
    this.base = draft.number;
    this.sent = null;
    if (this.latest !== null && saysSame(this.latest, saying)) this.latest = null;
    await this.store(saying);
    this.outside.tell({ state: this.latest === null ? "saved" : "saving", error: null, draft });
  }

  private refused(error: unknown): void {
    const isOlder = error instanceof ApiError && error.code === "draft_is_older";
    this.outside.tell({ state: isOlder ? "older" : "refused", error, draft: null });
    this.sent = null;
    this.latest = null;
  }

  private async store(settled?: Saying): Promise<void> {
    const saying = this.latest ?? this.sent ?? settled;
    if (!saying || this.over) return;
    const draft = { owner: this.owner, code: this.code, base: this.base, saying, sent: this.sent };
    // A private window may have no storage: the service still gets every draft.
    await this.outside.keep(draft).catch(() => undefined);
  }
}

/** What a case is opened with: the service's state, what this device has beyond it, and whether they part ways. */
export interface Start {
  shown: Saying;
  /** To go on with where the service does not have it yet. */
  unsent: KeptDraft | null;
  /** The device's strokes where the case was changed elsewhere meanwhile: one undo away. */
  overtaken: Saying | null;
  base: number;
}

/** The newest of the service's draft and the device's. */
export function start(number: number, atService: Saying, kept: KeptDraft | null): Start {
  const nothing = { shown: atService, unsent: null, overtaken: null, base: number };
  if (kept === null || saysSame(kept.saying, atService)) return nothing;
  if (kept.base === number) return { ...nothing, shown: kept.saying, unsent: kept };
  const arrived = kept.sent !== null && kept.base + 1 === number && saysSame(kept.sent, atService);
  if (arrived) return { ...nothing, shown: kept.saying, unsent: { ...kept, base: number, sent: null } };
  return { ...nothing, overtaken: kept.saying };
}

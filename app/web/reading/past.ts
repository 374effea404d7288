/** Undo and redo without limit: states as they were, the one shown, and those taken back. */

export interface Past<State> {
  readonly before: readonly State[];
  readonly now: State;
  readonly after: readonly State[];
}

/** All states in their order, the oldest first. */
export function states<State>(past: Past<State>): State[] {
  return [...past.before, past.now, ...past.after];
}

export function withStates<State>(all: readonly State[], at: number): Past<State> {
  return { before: all.slice(0, at), now: all[at]!, after: all.slice(at + 1) };
}

export function begun<State>(now: State): Past<State> {
  return { before: [], now, after: [] };
}

export function gone<State>(past: Past<State>, now: State): Past<State> {
  return { before: [...past.before, past.now], now, after: [] };
}

export function undone<State>(past: Past<State>): Past<State> {
  if (past.before.length === 0) return past;
  return { before: past.before.slice(0, -1), now: past.before.at(-1)!, after: [past.now, ...past.after] };
}

export function redone<State>(past: Past<State>): Past<State> {
  if (past.after.length === 0) return past;
  return { before: [...past.before, past.now], now: past.after[0]!, after: past.after.slice(1) };
}

/** Undo and redo without limit: states as they were, the one shown, and those taken back. */

export interface Past<State> {
  readonly before: readonly State[];
  readonly now: State;
  readonly after: readonly State[];
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

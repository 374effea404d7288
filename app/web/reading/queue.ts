/** What a reader is told to do next. */

import type { ReadingQueue, Role } from "../shared/wire";
import type { Key } from "../shared/words_en";

/** The case to go on with: one that was begun before one that was not. */
export function nextCase(queue: ReadingQueue): string | null {
  return queue.started[0] ?? queue.next_code;
}

export function nextWord(queue: ReadingQueue, role: Role): Key {
  if (queue.total === 0) return "desk.none_yet";
  if (nextCase(queue) === null) return "desk.all_read";
  if (queue.started.length > 0) return "desk.next_started";
  return role === "adjudicator" ? "desk.next_judge" : "desk.next_fresh";
}

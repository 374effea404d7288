/** What an event says was changed, value by value. */

export interface Change {
  name: string;
  was: string | null;
  is: string | null;
}

type Values = Record<string, unknown>;

function isValues(content: unknown): content is Values {
  return typeof content === "object" && content !== null && !Array.isArray(content);
}

/** A value as text: words as they are, anything deeper as it was recorded. */
export function plain(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((item) => typeof item !== "object")) return value.join(", ");
  return JSON.stringify(value);
}

/**
 * The values before and after, side by side by their names; null where there was none.
 *
 * What is the same on both sides is left out: it was not changed.
 */
export function changes(before: unknown, after: unknown): Change[] {
  const was = isValues(before) ? before : before === null ? {} : { "": before };
  const is = isValues(after) ? after : after === null ? {} : { "": after };
  const side = (values: Values, name: string) => (name in values ? plain(values[name]) : null);
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .map((name) => ({ name, was: side(was, name), is: side(is, name) }))
    .filter((change) => change.was !== change.is);
}

/** A JSON object whose members are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for an object that is not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object, or an empty one in place of anything else: for replies, where missing and null mean the same. */
export function objectOr(value: unknown): JsonObject {
  return isJsonObject(value) ? value : NO_MEMBERS;
}

/** The array, or an empty one in place of anything else. */
export function arrayOr(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NO_ITEMS;
}

/** The text, or "" in place of anything else. */
export function textOr(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A count as an upstream reports it: a whole number from 0 on, else undefined. */
export function countOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/**
 * A count of a bill: undefined where nothing is said (missing, null, no number), `NaN` for a number that no count can be, such as a
 * negative one. What was said wrongly must not pass for what was not said.
 */
export function billedCountOf(value: unknown): number | undefined {
  return typeof value === "number" ? (countOf(value) ?? Number.NaN) : undefined;
}

/** The larger of two counts of which either may be missing; `NaN` stays. The same whatever the order is. */
export function largerCount(
  left: number | undefined,
  right: number | undefined,
): number | undefined {
  if (left === undefined || right === undefined) {
    return left ?? right;
  }
  return Math.max(left, right);
}

/** The value of a JSON text, or undefined for a text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not being JSON is an answer here: upstreams send HTML, plain text and halves of events.
    return undefined;
  }
}

/** The members that have a value, in their order: for bodies that are written. */
export function withoutUndefined(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

const NO_MEMBERS: JsonObject = Object.freeze({});
const NO_ITEMS: readonly unknown[] = Object.freeze([]);

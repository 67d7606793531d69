/** The list for `in (…)`. Throws a `RangeError` for an empty one, which no engine understands. */
export function placeholders(count: number): string {
  if (count < 1) {
    throw new RangeError("a list of placeholders must not be empty");
  }
  return Array.from({ length: count }, () => "?").join(", ");
}

/** The parts of One API's comma lists: trimmed, without blanks and doubles. */
export function readCommaList(text: string): string[] {
  const parts = text.split(",").map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ""))];
}

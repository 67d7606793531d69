/**
 * The credentials in what an operator pasted: one a line, blank lines skipped. A JSON object (a service account's key file)
 * is one credential however many lines it has.
 */
export function splitCredentials(text: string): readonly string[] {
  const trimmed = text.trim();
  if (isJsonObject(trimmed)) {
    return [trimmed];
  }
  return trimmed
    .split(/\r\n|\r|\n/u)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The name of each of `count` channels made from one draft: "name", or "name-1" to "name-n". */
export function numberedNames(name: string, count: number): readonly string[] {
  return count === 1 ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}

function isJsonObject(text: string): boolean {
  if (!text.startsWith("{")) {
    return false;
  }
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Not JSON: an ordinary answer to the question asked.
    return false;
  }
}

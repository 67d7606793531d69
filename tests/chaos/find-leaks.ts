import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A text that must be found nowhere, and what it is called when it is. */
export interface Canary {
  readonly what: string;
  readonly text: string;
}

/** Looks for canaries in every file below a folder; answers "what: path". */
export function findLeaks(folder: string, canaries: readonly Canary[]): readonly string[] {
  const leaks: string[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isFile() !== true) {
      continue;
    }
    const bytes = readFileSync(path);
    for (const { what, text } of canaries) {
      if (bytes.includes(text)) {
        leaks.push(`${what}: ${name}`);
      }
    }
  }
  return leaks;
}

import { dirname } from "node:path";
import type { JournalFiles } from "#ledgering/journal-files.ts";
import { nodeFiles } from "#ledgering/journal-files.ts";

/** Replaces a file in one step: after a crash it holds the old text or the new one, never a part. */
export async function writeDurableFile(
  path: string,
  text: string,
  files: Pick<JournalFiles, "open" | "rename"> = nodeFiles,
): Promise<void> {
  const temporary = `${path}.new`;
  const file = await files.open(temporary, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await files.rename(temporary, path);
  const folder = await files.open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The text of a file, `undefined` if there is none. */
export async function readTextFile(
  path: string,
  files: Pick<JournalFiles, "readFile"> = nodeFiles,
): Promise<string | undefined> {
  try {
    return await files.readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

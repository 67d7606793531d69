import { readFileSync } from "node:fs";
import type { Database } from "../sql/database.ts";

/** Everything in an SQLite file, as one text of its bytes, rows that were deleted included. The file may be open. */
export function readStoredFile(path: string): string {
  return ["", "-wal"].map((suffix) => readFileSync(`${path}${suffix}`, "latin1")).join("");
}

/** Every cell of the given tables as one text. Closes the database. */
export async function readStoredTables(
  database: Database,
  tables: readonly string[],
): Promise<string> {
  const texts: string[] = [];
  for (const table of tables) {
    for (const row of await database.query(`select * from ${table}`)) {
      texts.push(...Object.values(row).map((value) => cellText(value)));
    }
  }
  await database.close();
  return texts.join("\n");
}

function cellText(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value);
}

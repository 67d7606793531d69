import type { Database } from "@tollgate/kit/sql/database";
import { textColumn } from "@tollgate/kit/sql/column-value";
import type { SqlRow } from "@tollgate/kit/sql/sql-session";
import type { OptionValues } from "#domain/options.ts";
import type { OptionStore } from "#usecases/ports.ts";
import { raiseVersion } from "./routed-version.ts";

/** Options in the database. */
export function createOptionStore(database: Database): OptionStore {
  return {
    read: async () => readOptionValues(database),
    write: async (key, value) =>
      database.transaction(async (tx) => {
        // Holds the lock that orders all changes, so the row cannot appear between the two statements below.
        await raiseVersion(database, tx);
        const { affectedRows } = await database.execute(
          "update registry_options set option_value = ? where option_key = ?",
          [value, key],
          tx,
        );
        if (affectedRows === 0) {
          await database.execute(
            "insert into registry_options (option_key, option_value) values (?, ?)",
            [key, value],
            tx,
          );
        }
      }),
  };
}

/** Every stored option. */
export async function readOptionValues(database: Database): Promise<OptionValues> {
  const rows = await database.query<SqlRow>(
    "select option_key, option_value from registry_options",
    [],
  );
  return Object.fromEntries(
    rows.map((row) => [textColumn(row["option_key"]), textColumn(row["option_value"])]),
  );
}

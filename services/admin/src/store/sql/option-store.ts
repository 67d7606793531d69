import type { SecretBox } from "@tollgate/kit/secrets/secret-box";
import { textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { insertIgnore } from "@tollgate/kit/sql/sql-dialect";
import type { OptionStore } from "#options/option-store.ts";

const table = "admin_options";

/** Options in the database; secrets are sealed, bound to their option. */
export function createOptionStore(database: Database, box: SecretBox): OptionStore {
  const insert = insertIgnore(database.dialect, {
    table,
    columns: ["option_key", "option_value", "sealed"],
    rowCount: 1,
  });
  return {
    async readAll() {
      const rows = await database.query<SqlRow>(
        `select option_key, option_value from ${table} where sealed = 0`,
      );
      return new Map(
        rows.map((row) => [textColumn(row["option_key"]), textColumn(row["option_value"])]),
      );
    },
    async write({ key, value, isSecret }) {
      const stored = isSecret ? box.seal(value, `${table}:${key}`) : value;
      const sealed = isSecret ? 1 : 0;
      await database.transaction(async (transaction) => {
        await transaction.run(insert, [key, stored, sealed]);
        await transaction.run(
          `update ${table} set option_value = ?, sealed = ? where option_key = ?`,
          [stored, sealed, key],
        );
      });
    },
  };
}

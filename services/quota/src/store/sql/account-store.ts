import { integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import type { AccountStore } from "#usecases/money-ports.ts";
import type { Tx } from "#usecases/transaction.ts";

const enabled = 1;
const idsPerStatement = 500;

/** What the money half reads of the identity half's tables: names and whether an account is enabled. */
export function createAccountStore(database: Database): AccountStore {
  const readNames = async (
    source: { readonly table: string; readonly column: string },
    ids: readonly number[],
    tx?: Tx,
  ): Promise<ReadonlyMap<number, string>> => {
    const names = new Map<number, string>();
    for (let start = 0; start < ids.length; start += idsPerStatement) {
      const chunk = ids.slice(start, start + idsPerStatement);
      const marks = chunk.map(() => "?").join(", ");
      const sql = `select id, ${source.column} as name from ${source.table} where id in (${marks})`;
      for (const row of await database.query<SqlRow>(sql, chunk, tx)) {
        names.set(integerColumn(row["id"]), textColumn(row["name"]));
      }
    }
    return names;
  };
  const isEnabled = async (table: string, id: number, tx: Tx): Promise<boolean> => {
    const sql = `select status from ${table} where id = ?`;
    const [row] = await database.query<SqlRow>(sql, [id], tx);
    return row !== undefined && integerColumn(row["status"]) === enabled;
  };
  return {
    readUsernames: async (ids, tx) => readNames({ table: "users", column: "username" }, ids, tx),
    readKeyNames: async (ids, tx) => readNames({ table: "api_keys", column: "name" }, ids, tx),
    isUsable: async (userId, keyId, tx) =>
      (await isEnabled("users", userId, tx)) &&
      (keyId === 0 || (await isEnabled("api_keys", keyId, tx))),
  };
}

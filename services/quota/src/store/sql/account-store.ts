import { booleanColumn, integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
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
  const findEnabled = async (
    source: { readonly table: string; readonly columns: string },
    id: number,
    tx: Tx,
  ): Promise<SqlRow | undefined> => {
    const sql = `select ${source.columns} from ${source.table} where id = ?`;
    const [row] = await database.query<SqlRow>(sql, [id], tx);
    return row !== undefined && integerColumn(row["status"]) === enabled ? row : undefined;
  };
  return {
    readUsernames: async (ids, tx) => readNames({ table: "users", column: "username" }, ids, tx),
    readKeyNames: async (ids, tx) => readNames({ table: "api_keys", column: "name" }, ids, tx),
    findPayer: async (userId, keyId, tx) => {
      const user = await findEnabled({ table: "users", columns: "status, is_strict" }, userId, tx);
      const isKeyUsable =
        keyId === 0 ||
        (await findEnabled({ table: "api_keys", columns: "status" }, keyId, tx)) !== undefined;
      return user === undefined || !isKeyUsable
        ? undefined
        : { isStrict: booleanColumn(user["is_strict"]) };
    },
  };
}

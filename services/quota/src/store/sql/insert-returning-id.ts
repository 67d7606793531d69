import { integerColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlValue } from "@tollgate/kit/sql/database";
import { insertRows } from "@tollgate/kit/sql/sql-dialect";
import type { Tx } from "#usecases/transaction.ts";

/** One row of a table whose key `id` the database makes. */
export interface RowWithoutId {
  readonly table: string;
  readonly values: Readonly<Record<string, SqlValue>>;
}

/** Inserts the row and answers its id. */
export async function insertReturningId(
  database: Database,
  { table, values }: RowWithoutId,
  tx: Tx,
): Promise<number> {
  const insert = insertRows({ table, columns: Object.keys(values), rowCount: 1 });
  const parameters = Object.values(values);
  if (database.dialect === "postgresql") {
    const { rows } = await database.execute(`${insert} returning id`, parameters, tx);
    return integerColumn(rows[0]?.["id"]);
  }
  const { insertId } = await database.execute(insert, parameters, tx);
  return integerColumn(insertId);
}

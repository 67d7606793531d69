import type { Database, SqlValue, Transaction } from "@tollgate/kit/sql/database";
import type { SqlDialect } from "@tollgate/kit/sql/sql-dialect";
import { insertRows, upsertAdd } from "@tollgate/kit/sql/sql-dialect";

/** A table and the columns to write, in order. */
export interface TableShape {
  readonly table: string;
  readonly columns: readonly string[];
}

/** A table whose rows are added to when they exist. */
export interface SumTableShape extends TableShape {
  /** The columns of the primary key. */
  readonly keys: readonly string[];
  /** The columns whose values are added. */
  readonly add: readonly string[];
}

/** A row's values in the order of the columns. */
export type RowValues = readonly SqlValue[];

/** Inserts rows in as few statements as the engine likes best. */
export async function insertMany(
  { dialect }: Pick<Database, "dialect">,
  tx: Transaction,
  { rows, ...shape }: TableShape & { readonly rows: readonly RowValues[] },
): Promise<void> {
  for (const { rowCount, values } of chunksOf(rows, rowsPerStatement[dialect])) {
    const sql = statementOf(`insert ${shape.table}`, rowCount, () =>
      insertRows({ ...shape, rowCount }),
    );
    await tx.run(sql, values);
  }
}

/** Adds the values of `add` to existing rows and inserts the others. Rows must be sorted by key, to be locked in one order. */
export async function addMany(
  { dialect }: Pick<Database, "dialect">,
  tx: Transaction,
  { rows, ...shape }: SumTableShape & { readonly rows: readonly RowValues[] },
): Promise<void> {
  for (const { rowCount, values } of chunksOf(rows, rowsPerStatement[dialect])) {
    const sql = statementOf(`add ${dialect} ${shape.table}`, rowCount, () =>
      upsertAdd(dialect, { ...shape, rowCount }),
    );
    await tx.run(sql, values);
  }
}

// SQLite keeps every statement prepared and has no round trips, so short statements are best there.
const rowsPerStatement = { sqlite: 8, mysql: 250, postgresql: 250 } as const satisfies Readonly<
  Record<SqlDialect, number>
>;

// Texts of full chunks are needed again and again; those of the remainders are cheap to make.
const keptTexts = new Map<string, string>();

function statementOf(name: string, rowCount: number, make: () => string): string {
  const key = `${name} ${rowCount}`;
  const kept = keptTexts.get(key);
  if (kept !== undefined) {
    return kept;
  }
  const text = make();
  if (rowCount <= rowsPerStatement.sqlite || rowCount === rowsPerStatement.mysql) {
    keptTexts.set(key, text);
  }
  return text;
}

function* chunksOf(
  rows: readonly RowValues[],
  rowsMax: number,
): Generator<{ readonly rowCount: number; readonly values: SqlValue[] }> {
  for (let start = 0; start < rows.length; start += rowsMax) {
    const rowCount = Math.min(rowsMax, rows.length - start);
    // Plain pushes: this runs for every settled call, and flattening would copy once more.
    const values: SqlValue[] = [];
    for (let index = start; index < start + rowCount; index += 1) {
      for (const value of rows[index] ?? []) {
        values.push(value);
      }
    }
    yield { rowCount, values };
  }
}

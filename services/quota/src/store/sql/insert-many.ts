import type { BulkInsert, Database, SqlValue, Transaction } from "@tollgate/kit/sql/database";
import { addToExisting } from "@tollgate/kit/sql/sql-dialect";

/** A table and the columns to write, in order. */
export interface TableShape {
  readonly table: string;
  readonly columns: readonly string[];
  /** Columns that are the same in every row, and their values as SQL. */
  readonly constants?: Readonly<Record<string, string>>;
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

/** Writes rows within a transaction. */
export type WriteRows = (tx: Transaction, rows: readonly RowValues[]) => Promise<void>;

/** Makes what inserts rows. */
export function insertMany(shape: TableShape): WriteRows {
  return writeRows({ ...statementOf(shape), tail: "" });
}

/** Makes what adds the values of `add` to existing rows and inserts the others. Rows must be sorted by key, to be locked in one order. */
export function addMany({ dialect }: Pick<Database, "dialect">, shape: SumTableShape): WriteRows {
  return writeRows({ ...statementOf(shape), tail: addToExisting(dialect, shape) });
}

function writeRows(statement: Omit<BulkInsert, "rows">): WriteRows {
  return async (tx, rows) => {
    if (rows.length > 0) {
      await tx.insert({ ...statement, rows });
    }
  };
}

function statementOf({
  table,
  columns,
  constants = {},
}: TableShape): Omit<BulkInsert, "rows" | "tail"> {
  const names = [...columns, ...Object.keys(constants)];
  const values = [...columns.map(() => "?"), ...Object.values(constants)];
  return {
    head: `insert into ${table} (${names.join(", ")}) values `,
    row: `(${values.join(", ")})`,
  };
}

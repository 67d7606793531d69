/** The few statements that the engines spell differently. Names are trusted: they come from code, never from input. */

/** The engines. MariaDB is "mysql": same statements, same migrations. */
export type SqlDialect = "sqlite" | "mysql" | "postgresql";

/** A statement that inserts `rowCount` rows at once; parameters are the rows' values one after another. */
export interface InsertShape {
  readonly table: string;
  readonly columns: readonly string[];
  /** From 1 to 500. */
  readonly rowCount: number;
}

/** An insert that adds to existing rows. */
export interface UpsertShape extends InsertShape {
  /** The columns of the unique key. */
  readonly keys: readonly string[];
  /** The columns whose new values are added to the stored ones; others keep what is stored. */
  readonly add: readonly string[];
}

/** The most rows that one statement inserts. */
export const insertRowsMax = 500;

/** An insert of many rows. */
export function insertRows(shape: InsertShape): string {
  return `insert into ${shape.table} (${shape.columns.join(", ")}) values ${placeholders(shape)}`;
}

/**
 * An insert that skips rows whose unique key exists; `affectedRows` counts the inserted ones on every engine. MySQL also
 * forgives other faults of a row here (a text too long is cut), so check lengths and nulls before.
 */
export function insertIgnore(dialect: SqlDialect, shape: InsertShape): string {
  const insert = insertRows(shape);
  return dialect === "mysql"
    ? insert.replace(/^insert into/u, "insert ignore into")
    : `${insert} on conflict do nothing`;
}

/** An insert that adds the `add` columns to a row whose key exists. */
export function upsertAdd(dialect: SqlDialect, shape: UpsertShape): string {
  return `${insertRows(shape)}${addToExisting(dialect, shape)}`;
}

/** What follows the rows of an insert to make it an {@link upsertAdd}. */
export function addToExisting(
  dialect: SqlDialect,
  { table, keys, add }: Pick<UpsertShape, "table" | "keys" | "add">,
): string {
  switch (dialect) {
    case "mysql": {
      const sums = add.map((name) => `${name} = ${table}.${name} + values(${name})`);
      return ` on duplicate key update ${sums.join(", ")}`;
    }
    case "sqlite":
    case "postgresql": {
      const sums = add.map((name) => `${name} = ${table}.${name} + excluded.${name}`);
      return ` on conflict (${keys.join(", ")}) do update set ${sums.join(", ")}`;
    }
  }
}

/** Locks the selected rows until the end of the transaction; SQLite needs no such thing, it has one writer. */
export function forUpdate(dialect: SqlDialect): string {
  return dialect === "sqlite" ? "" : " for update";
}

/** Keeps the selected rows from changing until the end of the transaction; others may do the same at once. */
export function forShare(dialect: SqlDialect): string {
  switch (dialect) {
    case "sqlite":
      return "";
    case "mysql":
      // MariaDB knows only this older spelling; MySQL knows both.
      return " lock in share mode";
    case "postgresql":
      return " for share";
  }
}

/** Locks the selected rows and leaves out those that another transaction holds. */
export function forUpdateSkipLocked(dialect: SqlDialect): string {
  return dialect === "sqlite" ? "" : " for update skip locked";
}

/** A page of rows. Both are whole numbers of at least 0. */
export function limitOffset(limit: number, offset = 0): string {
  if (![limit, offset].every((number) => Number.isSafeInteger(number) && number >= 0)) {
    throw new RangeError("limit and offset must be whole numbers of at least 0");
  }
  return offset === 0 ? ` limit ${limit}` : ` limit ${limit} offset ${offset}`;
}

/** The pattern for `column like ? escape '!'` that finds texts containing `text`, taken literally. */
export function containsPattern(text: string): string {
  return `%${escapeLike(text)}%`;
}

/** The pattern for `column like ? escape '!'` that finds texts beginning with `text`, taken literally. */
export function prefixPattern(text: string): string {
  return `${escapeLike(text)}%`;
}

function escapeLike(text: string): string {
  return text.replaceAll(/[!%_]/gu, "!$&");
}

function placeholders({ columns, rowCount }: InsertShape): string {
  if (!Number.isInteger(rowCount) || rowCount < 1 || rowCount > insertRowsMax) {
    throw new RangeError(`rowCount must be from 1 to ${insertRowsMax}`);
  }
  const row = `(${columns.map(() => "?").join(", ")})`;
  return Array.from({ length: rowCount }, () => row).join(", ");
}

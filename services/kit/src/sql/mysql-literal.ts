/** Writes values as literals of MySQL and MariaDB: the driver's own formatter is several times slower for thousands of values. */
import type { BulkInsert, SqlValue } from "./sql-session.ts";

// A server accepts packets of 1 MiB and more.
const statementCharactersMax = 200_000;

// The connection's sql_mode leaves the backslash its meaning inside texts.
// oxlint-disable-next-line no-control-regex -- these are the characters that have to be escaped
const specialCharacters = /[\0\b\t\n\r\u001A"'\\]/u;
const everySpecialCharacter = new RegExp(specialCharacters, "gu");
const escapes: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  "\u001A": "\\Z",
  '"': '\\"',
  "'": "\\'",
  "\\": "\\\\",
};

/** The statements of an insert, values in place. The row's fixed texts must not contain `?`. */
export function* literalInserts({ head, row, tail, rows }: BulkInsert): Generator<string> {
  const pieces = row.split("?");
  let sql = "";
  for (const values of rows) {
    if (values.length !== pieces.length - 1) {
      throw new RangeError(`a row has ${pieces.length - 1} placeholders, not ${values.length}`);
    }
    sql += sql === "" ? head : ",";
    sql += pieces[0];
    for (let index = 0; index < values.length; index += 1) {
      sql += literal(values[index] ?? null) + pieces[index + 1];
    }
    if (sql.length > statementCharactersMax) {
      yield sql + tail;
      sql = "";
    }
  }
  if (sql !== "") {
    yield sql + tail;
  }
}

/** One value. Throws a `RangeError` for a number that is no number. */
export function literal(value: SqlValue): string {
  if (typeof value === "string") {
    return specialCharacters.test(value)
      ? `'${value.replaceAll(everySpecialCharacter, (character) => escapes[character] ?? "")}'`
      : `'${value}'`;
  }
  if (value instanceof Uint8Array) {
    return `x'${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}'`;
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new RangeError("a number that is not finite cannot be stored");
  }
  return typeof value === "boolean" ? String(Number(value)) : String(value);
}

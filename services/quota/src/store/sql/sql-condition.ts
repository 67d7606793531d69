import type { SqlValue } from "@tollgate/kit/sql/database";
import { prefixPattern } from "@tollgate/kit/sql/sql-dialect";
import type { SqlDialect } from "@tollgate/kit/sql/sql-dialect";

/** A part of a where clause. */
export interface SqlCondition {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

// The last character of Unicode: nothing that begins with a text sorts after the text followed by it.
const lastCharacter = "\u{10FFFF}";

/** All of the given conditions; absent ones are left out. True when none is given. */
export function allOf(conditions: readonly (SqlCondition | false)[]): SqlCondition {
  return join(conditions, " and ", "1 = 1");
}

/** One of the given conditions; absent ones are left out. False when none is given. */
export function anyOf(conditions: readonly (SqlCondition | false)[]): SqlCondition {
  return join(conditions, " or ", "1 = 0");
}

/** Texts that begin with `prefix`, by way of the column's index. */
export function prefixOf(dialect: SqlDialect, column: string, prefix: string): SqlCondition {
  if (dialect === "sqlite") {
    // SQLite uses no index for "like", but its texts compare by their bytes, so a range is a prefix.
    return {
      sql: `(${column} >= ? and ${column} < ?)`,
      parameters: [prefix, prefix + lastCharacter],
    };
  }
  return { sql: `${column} like ? escape '!'`, parameters: [prefixPattern(prefix)] };
}

function join(
  conditions: readonly (SqlCondition | false)[],
  word: string,
  empty: string,
): SqlCondition {
  const present = conditions.filter((condition) => condition !== false);
  return present.length === 0
    ? { sql: empty, parameters: [] }
    : {
        sql: `(${present.map(({ sql }) => sql).join(word)})`,
        parameters: present.flatMap(({ parameters }) => parameters),
      };
}

import { bytesColumn, integerColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import { firstIdAt } from "#domain/log-entry.ts";
import type { RatedCallReader } from "#usecases/re-rate.ts";
import { allOf } from "./sql-condition.ts";
import { settledCallOf, usageColumns } from "./usage-row.ts";

/** The log of a database, read for prices along the key, or along the index of one user. */
export function createRatedCallReader(database: Database): RatedCallReader {
  return {
    async read({ fromMs, toMs, userId, after, max }) {
      const where = allOf([
        userId !== undefined && { sql: "user_id = ?", parameters: [userId] },
        after === undefined
          ? { sql: "request_id >= ?", parameters: [firstIdAt(fromMs)] }
          : { sql: "request_id > ?", parameters: [bytesColumn(after)] },
        { sql: "request_id < ?", parameters: [firstIdAt(toMs)] },
      ]);
      const rows = await database.query<SqlRow>(
        `select ${usageColumns.join(", ")} from usage_log where ${where.sql}
         order by request_id${limitOffset(max)}`,
        where.parameters,
      );
      return rows.map(settledCallOf);
    },
    async readFloor() {
      const [row] = await database.query<SqlRow>("select dropped_ms from log_keeping where id = 1");
      return row === undefined ? 0 : integerColumn(row["dropped_ms"]);
    },
  };
}

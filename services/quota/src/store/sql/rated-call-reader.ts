import type { SqlRow } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import { firstIdAt } from "#domain/log-entry.ts";
import type { RatedCall, RatedCallQuery, RatedCallReader } from "#usecases/reports/re-rate.ts";
import type { LogDatabase } from "./log-database.ts";
import { readDroppedMs } from "./log-keeping-store.ts";
import type { LogDatabases } from "./log-store.ts";
import { allOf } from "./sql-condition.ts";
import { settledCallOf, usageColumns } from "./usage-row.ts";

/** The log, read for prices along the key, or along the index of one user: what has left the main database comes first. */
export function createRatedCallReader({ database, archive }: LogDatabases): RatedCallReader {
  return {
    async read(query) {
      const droppedMs = await readDroppedMs(database);
      const { fromMs, toMs, max } = query;
      const older =
        archive === undefined || fromMs >= droppedMs
          ? []
          : await readRows(archive, { ...query, toMs: Math.min(toMs, droppedMs) });
      if (older.length === max) {
        return older;
      }
      const rest = { ...query, fromMs: Math.max(fromMs, droppedMs), max: max - older.length };
      return [...older, ...(await readRows(database, rest))];
    },
    readFloor: async () => (archive === undefined ? readDroppedMs(database) : 0),
  };
}

async function readRows(
  database: LogDatabase,
  { fromMs, toMs, userId, after, max }: RatedCallQuery,
): Promise<readonly RatedCall[]> {
  const where = allOf([
    userId !== undefined && { sql: "user_id = ?", parameters: [userId] },
    { sql: "request_id >= ?", parameters: [firstIdAt(fromMs)] },
    after !== undefined && { sql: "request_id > ?", parameters: [after] },
    { sql: "request_id < ?", parameters: [firstIdAt(toMs)] },
  ]);
  const rows = await database.query<SqlRow>(
    `select ${usageColumns.join(", ")} from usage_log where ${where.sql}
     order by request_id${limitOffset(max)}`,
    where.parameters,
  );
  return rows.map(settledCallOf);
}

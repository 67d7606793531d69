import type { Clock } from "@tollgate/kit/clock/clock";
import { integerColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import type { LogFilter } from "#domain/log-entry.ts";
import type { LogReader } from "#usecases/identity-ports.ts";
import { searchLog } from "./log-search.ts";
import { readSeries, sumLog, sumLogSince } from "./log-sum.ts";

/** The log in SQL: usage, activity and roll-ups. */
export function createLogReader(database: Database, clock: Pick<Clock, "nowMs">): LogReader {
  return {
    search: async (filter, page) => searchLog(database, await nameToId(database, filter), page),
    sum: async (filter) => sumLog(database, await nameToId(database, filter), clock.nowMs()),
    sumSince: async (filter, sinceMs) =>
      sumLogSince(database, await nameToId(database, filter), sinceMs),
    readSeries: async (query) => readSeries(database, query),
  };
}

/** A user's id has an index and survives a new name; the name in the rows is for users who are gone. */
async function nameToId(database: Database, filter: LogFilter): Promise<LogFilter> {
  const { username, ...others } = filter;
  if (username === undefined || others.userId !== undefined) {
    return filter;
  }
  const [row] = await database.query<SqlRow>("select id from users where username = ?", [username]);
  return row === undefined ? filter : { ...others, userId: integerColumn(row["id"]) };
}

import type { Clock } from "@tollgate/kit/clock/clock";
import { integerColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import type { LogFilter } from "#domain/log-entry.ts";
import type { LogReader } from "#usecases/identity/identity-ports.ts";
import type { LogDatabase } from "./log-database.ts";
import { readDroppedMs } from "./log-keeping-store.ts";
import { searchLog } from "./log-search.ts";
import type { LogSources } from "./log-sources.ts";
import { readSeries, sumLog, sumLogSince } from "./log-sum.ts";

/** The databases that the log is read from. */
export interface LogDatabases {
  readonly database: Database;
  /** The log database; absent = the main database has every call. */
  readonly archive?: LogDatabase | undefined;
}

/** The log in SQL: usage, activity and roll-ups. */
export function createLogReader(
  { database, archive }: LogDatabases,
  clock: Pick<Clock, "nowMs">,
): LogReader {
  const sources = async (): Promise<LogSources> =>
    archive === undefined
      ? { main: database }
      : {
          main: database,
          archive: { database: archive, beforeMs: await readDroppedMs(database) },
        };
  return {
    search: async (filter, page) =>
      searchLog(await sources(), await nameToId(database, filter), page),
    sum: async (filter) => sumLog(await sources(), await nameToId(database, filter), clock.nowMs()),
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

import { uuidV7Time } from "@tollgate/kit/ids/uuid-v7";
import type { Database } from "@tollgate/kit/sql/database";
import type { LogFilter } from "#domain/log-entry.ts";
import type { LogDatabase } from "./log-database.ts";

/** Where the rows of the log are. Roll-ups and activity are in the main database, all of them. */
export interface LogSources {
  readonly main: Database;
  /** The log database, which has the calls from before a moment; absent = the main database has all. */
  readonly archive?: { readonly database: LogDatabase; readonly beforeMs: number };
}

/** A database and what to look for there. */
export interface LogPart {
  readonly database: LogDatabase;
  readonly usage: LogFilter;
  /** Absent = not here. */
  readonly activity?: LogFilter;
}

/** The parts of the log that a filter concerns: together they have each of its rows once. */
export function partsOf({ main, archive }: LogSources, filter: LogFilter): readonly LogPart[] {
  const beforeSeconds = (archive?.beforeMs ?? 0) / 1000;
  if (archive === undefined || earliestSeconds(filter) >= beforeSeconds) {
    return [{ database: main, usage: filter, activity: filter }];
  }
  const toSeconds = Math.min(filter.toSeconds ?? beforeSeconds, beforeSeconds - 1);
  const older = { database: archive.database, usage: { ...filter, toSeconds } };
  // No activity is found by the id of a call.
  return filter.requestId === undefined
    ? [
        { database: main, usage: { ...filter, fromSeconds: beforeSeconds }, activity: filter },
        older,
      ]
    : [older];
}

/** A call that is named is looked for only where it can be. */
function earliestSeconds({ fromSeconds = 0, requestId }: LogFilter): number {
  return requestId === undefined ? fromSeconds : Math.floor(uuidV7Time(requestId) / 1000);
}

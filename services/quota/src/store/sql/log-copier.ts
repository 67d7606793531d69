/**
 * Copies settled calls from the main database to the log database, hour by hour and page by page in the order of their key. A call is
 * written once and never changes, and the key refuses it a second time, so copying an hour again is harmless. A call that is settled
 * after its hour was copied is found when its day leaves the main database: then each hour is counted on both sides.
 */
import { bytesColumn, integerColumn } from "@tollgate/kit/sql/column-value";
import type { SqlRow, SqlValue } from "@tollgate/kit/sql/database";
import { insertIgnore, limitOffset } from "@tollgate/kit/sql/sql-dialect";
import { uuidV7Time } from "@tollgate/kit/ids/uuid-v7";
import { firstIdAt } from "#domain/log-entry.ts";
import type { LogCopier } from "#usecases/log/log-keeping-ports.ts";
import type { LogDatabase } from "./log-database.ts";
import { addDayPartitions } from "./usage-partitions.ts";

const hourMs = 3_600_000;
const pageRows = 500;
const tables = ["usage_log", "upstream_attempts"] as const;
type LogTable = (typeof tables)[number];

/** One round copies at most so many hours; the next one goes on behind them. */
const hoursPerRound = 24 * 31;

/** The two databases. */
export interface CopierDatabases {
  readonly main: LogDatabase;
  readonly log: LogDatabase;
}

/** Makes the copier. */
export function createLogCopier(databases: CopierDatabases): LogCopier {
  const { main, log } = databases;
  return {
    async copy(nowMs) {
      // While it is away nothing goes, not even days without calls: whoever asks for them is sent there.
      await log.query("select 1");
      if (log.dialect === "mysql") {
        await addDayPartitions(log, nowMs);
      }
      // Calls of the last hour are still coming in.
      const endMs = startOfHour(nowMs) - hourMs;
      let fromMs = await readCopiedMs(main);
      for (let hours = 0; hours < hoursPerRound; hours += 1) {
        const nextMs = await firstHourFrom(main, fromMs);
        if (nextMs === undefined || nextMs >= endMs) {
          return;
        }
        await copyWindow(databases, nextMs, nextMs + hourMs);
        fromMs = nextMs + hourMs;
        await main.execute("update log_keeping set copied_ms = ? where id = 1 and copied_ms < ?", [
          fromMs,
          fromMs,
        ]);
      }
    },
    async complete(fromMs, toMs) {
      let hour = await firstHourFrom(main, fromMs);
      while (hour !== undefined && hour < toMs) {
        const endMs = Math.min(hour + hourMs, toMs);
        if (!(await isComplete(databases, hour, endMs))) {
          await copyWindow(databases, hour, endMs);
          if (!(await isComplete(databases, hour, endMs))) {
            throw new Error("the log database refuses rows of the main database");
          }
        }
        hour = await firstHourFrom(main, endMs);
      }
    },
  };
}

async function readCopiedMs(main: LogDatabase): Promise<number> {
  const [row] = await main.query<SqlRow>("select copied_ms from log_keeping where id = 1");
  return integerColumn(row?.["copied_ms"]);
}

/** The hour of the first call at or after a moment; hours without calls are passed over. */
async function firstHourFrom(main: LogDatabase, fromMs: number): Promise<number | undefined> {
  const [row] = await main.query<SqlRow>(
    `select request_id from usage_log where request_id >= ? order by request_id${limitOffset(1)}`,
    [firstIdAt(fromMs)],
  );
  return row === undefined ? undefined : startOfHour(uuidV7Time(bytesColumn(row["request_id"])));
}

async function copyWindow(databases: CopierDatabases, fromMs: number, toMs: number): Promise<void> {
  let after: SqlValue = firstIdAt(fromMs);
  let comparison = ">=";
  for (;;) {
    const rows = await databases.main.query<SqlRow>(
      `select * from usage_log where request_id ${comparison} ? and request_id < ?
       order by request_id${limitOffset(pageRows)}`,
      [after, firstIdAt(toMs)],
    );
    const [first] = rows;
    const last = rows.at(-1);
    if (first === undefined || last === undefined) {
      return;
    }
    await copyPage(databases, rows, [
      bytesColumn(first["request_id"]),
      bytesColumn(last["request_id"]),
    ]);
    after = bytesColumn(last["request_id"]);
    comparison = ">";
  }
}

async function copyPage(
  { main, log }: CopierDatabases,
  calls: readonly SqlRow[],
  [first, last]: readonly [Uint8Array, Uint8Array],
): Promise<void> {
  const attempts = await main.query<SqlRow>(
    "select * from upstream_attempts where request_id >= ? and request_id <= ?",
    [first, last],
  );
  await log.transaction(async (tx) => {
    for (const [table, rows] of [
      ["usage_log", calls],
      ["upstream_attempts", attempts],
    ] as const) {
      for (let start = 0; start < rows.length; start += pageRows) {
        const chunk = rows.slice(start, start + pageRows);
        const columns = Object.keys(chunk[0] ?? {});
        const values = chunk.flatMap((row) => columns.map((column) => valueOf(row[column])));
        await tx.run(insertIgnore(log.dialect, { table, columns, rowCount: chunk.length }), values);
      }
    }
  });
}

/** A cell as one engine read it and any engine takes it. */
function valueOf(cell: unknown): SqlValue {
  switch (typeof cell) {
    case "string":
    case "number":
    case "bigint":
    case "boolean":
      return cell;
    default:
      return cell === null ? null : bytesColumn(cell);
  }
}

async function isComplete(
  { main, log }: CopierDatabases,
  fromMs: number,
  toMs: number,
): Promise<boolean> {
  for (const table of tables) {
    const [here, there] = await Promise.all([
      countRows(main, table, [fromMs, toMs]),
      countRows(log, table, [fromMs, toMs]),
    ]);
    if (here !== there) {
      return false;
    }
  }
  return true;
}

async function countRows(
  database: LogDatabase,
  table: LogTable,
  [fromMs, toMs]: readonly [number, number],
): Promise<number> {
  const [row] = await database.query<SqlRow>(
    `select count(*) as total from ${table} where request_id >= ? and request_id < ?`,
    [firstIdAt(fromMs), firstIdAt(toMs)],
  );
  return integerColumn(row?.["total"]);
}

function startOfHour(timeMs: number): number {
  return timeMs - (timeMs % hourMs);
}

/**
 * Pages of the log. Each table is read only as deep as the page needs, newest first along a key, and never deeper than
 * a fixed number of rows, so that no search can hold up the calls that are being settled.
 */
import {
  bytesColumn,
  integerColumn,
  moneyColumnValue,
  textColumn,
} from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import type { ListPage, Page } from "#domain/list-range.ts";
import { firstIdAt } from "#domain/log-entry.ts";
import type { LogFilter, LogRow } from "#domain/log-entry.ts";
import type { SettledAttempt, SettledCall } from "#domain/settled-call.ts";
import type { logSorts } from "#usecases/identity-ports.ts";
import { activityColumns, activityFromRow } from "./activity-store.ts";
import { activityCondition, tablesOf, usageCondition } from "./log-condition.ts";
import { allOf } from "./sql-condition.ts";
import type { SqlCondition } from "./sql-condition.ts";
import { settledCallOf, usageColumns } from "./usage-row.ts";

type LogPage = ListPage<(typeof logSorts)[number]>;

/** How many of the newest rows of each table a search looks at; enough for the deepest page. */
const scanRowsMax = 1_001_000;
/** The same for a search that is sorted by anything but time, which must look at all of them. */
const sortedRowsMax = 200_000;

interface LogTable {
  readonly name: "usage_log" | "activity_log";
  readonly id: string;
  /** What the page is sorted by before the id; undefined = the id alone. */
  readonly sort: string | undefined;
  readonly where: SqlCondition;
}

/** Newest first, or by another field. */
export async function searchLog(
  database: Database,
  filter: LogFilter,
  page: LogPage,
): Promise<Page<LogRow>> {
  const tables = await Promise.all(
    tablesFor(database, filter, page).map(async (table) => boundScan(database, table, filter)),
  );
  if (tables.length === 0) {
    return { rows: [], total: 0 };
  }
  const ids = await readIds(database, tables, page);
  const total = page.hasTotal ? await countRows(database, tables) : 0;
  return { rows: await readRows(database, ids), total };
}

function tablesFor(database: Database, filter: LogFilter, page: LogPage): readonly LogTable[] {
  const { hasUsage, hasActivity } = tablesOf(filter);
  const usage: LogTable = {
    name: "usage_log",
    id: "request_id",
    sort: usageSort(page.sort),
    where: usageCondition(filter),
  };
  const activity: LogTable = {
    name: "activity_log",
    id: "id",
    sort: activitySort(page.sort),
    where: activityCondition(database, filter),
  };
  return [...(hasUsage ? [usage] : []), ...(hasActivity ? [activity] : [])];
}

/** Sorted by time, the key is the order; activity costs nothing and has no tokens. */
function usageSort(sort: LogPage["sort"]): string | undefined {
  return sort === "created_at" ? undefined : sort;
}

function activitySort(sort: LogPage["sort"]): string | undefined {
  const column = usageSort(sort);
  return column === undefined || column === "duration_ms" ? column : "0";
}

/** Sets a floor below which this search does not look, where a scan would not end by itself after the page. */
async function boundScan(
  database: Database,
  table: LogTable,
  filter: LogFilter,
): Promise<LogTable> {
  const {
    userId,
    toSeconds,
    requestId,
    fromSeconds: _from,
    hasConsumption: _has,
    ...unindexed
  } = filter;
  const isSorted = table.sort !== undefined;
  if (requestId !== undefined || (Object.keys(unindexed).length === 0 && !isSorted)) {
    return table;
  }
  const ceiling = allOf([
    userId !== undefined && { sql: "user_id = ?", parameters: [userId] },
    toSeconds !== undefined && {
      sql: `${table.id} < ?`,
      parameters: [firstIdAt((toSeconds + 1) * 1000)],
    },
  ]);
  const depth = isSorted ? sortedRowsMax : scanRowsMax;
  const [row] = await database.query<SqlRow>(
    `select ${table.id} as id from ${table.name} where ${ceiling.sql}
     order by ${table.id} desc${limitOffset(1, depth)}`,
    ceiling.parameters,
  );
  if (row === undefined) {
    return table;
  }
  const floor = { sql: `${table.id} >= ?`, parameters: [bytesColumn(row["id"])] };
  return { ...table, where: allOf([table.where, floor]) };
}

interface RowId {
  readonly table: LogTable["name"];
  readonly id: Uint8Array;
}

async function readIds(
  database: Database,
  tables: readonly LogTable[],
  page: LogPage,
): Promise<readonly RowId[]> {
  const direction = page.isDescending ? "desc" : "asc";
  // A page of the merged list lies within the first offset + limit rows of each table.
  const depth = limitOffset(page.offset + page.limit);
  const parts = tables.map(
    ({ name, id, sort, where }) =>
      `select * from (select ${id} as row_id, ${sort ?? "0"} as sort_value, '${name}' as source
       from ${name} where ${where.sql}
       order by ${sort === undefined || sort === "0" ? "" : `${sort} ${direction}, `}${id} ${direction}
       ${depth}) part_of_${name}`,
  );
  const rows = await database.query<SqlRow>(
    `select row_id, source from (${parts.join(" union all ")}) merged
     order by sort_value ${direction}, row_id ${direction}${limitOffset(page.limit, page.offset)}`,
    tables.flatMap(({ where }) => where.parameters),
  );
  return rows.map((row) => ({
    table: textColumn(row["source"]) === "usage_log" ? "usage_log" : "activity_log",
    id: bytesColumn(row["row_id"]),
  }));
}

async function countRows(database: Database, tables: readonly LogTable[]): Promise<number> {
  const counts = await Promise.all(
    tables.map(async ({ name, id, where }) => {
      const sql = `select count(*) as total from (select ${id} from ${name} where ${where.sql}
        ${limitOffset(scanRowsMax)}) counted`;
      const [row] = await database.query<SqlRow>(sql, where.parameters);
      return integerColumn(row?.["total"]);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

async function readRows(database: Database, ids: readonly RowId[]): Promise<readonly LogRow[]> {
  const calls = await readCalls(database, idsOf(ids, "usage_log"));
  const activities = await readActivities(database, idsOf(ids, "activity_log"));
  const found = new Map([...calls, ...activities]);
  // A row that retention removed between the two queries is left out.
  return ids.map(({ id }) => found.get(keyOf(id))).filter((row) => row !== undefined);
}

async function readCalls(
  database: Database,
  ids: readonly Uint8Array[],
): Promise<readonly (readonly [string, LogRow])[]> {
  if (ids.length === 0) {
    return [];
  }
  const marks = ids.map(() => "?").join(", ");
  const rows = await database.query<SqlRow>(
    `select ${usageColumns.join(", ")} from usage_log where request_id in (${marks})`,
    ids,
  );
  const attempts = await readAttempts(database, ids);
  return rows.map((row) => {
    const call: SettledCall = settledCallOf(row);
    const key = keyOf(call.requestId);
    return [
      key,
      { source: "usage", call: { ...call, attempts: attempts.get(key) ?? onlyAttempt(call) } },
    ];
  });
}

/** A call that one channel served at once has no rows in the table of attempts: the call itself tells of it. */
function onlyAttempt(call: SettledCall): readonly SettledAttempt[] {
  const { channelId, status, durationMs, upstreamCostNanos } = call;
  return channelId === 0
    ? []
    : [{ channelId, status, reason: "", elapsedMs: durationMs, upstreamCostNanos }];
}

async function readAttempts(
  database: Database,
  ids: readonly Uint8Array[],
): Promise<ReadonlyMap<string, readonly SettledAttempt[]>> {
  const marks = ids.map(() => "?").join(", ");
  const rows = await database.query<SqlRow>(
    `select request_id, channel_id, status, reason, elapsed_ms, upstream_cost_nanos
     from upstream_attempts
     where request_id in (${marks}) order by request_id, attempt`,
    ids,
  );
  const attempts = new Map<string, SettledAttempt[]>();
  for (const row of rows) {
    const key = keyOf(bytesColumn(row["request_id"]));
    const list = attempts.get(key) ?? [];
    attempts.set(key, list);
    list.push({
      channelId: integerColumn(row["channel_id"]),
      status: integerColumn(row["status"]),
      reason: textColumn(row["reason"]),
      elapsedMs: integerColumn(row["elapsed_ms"]),
      upstreamCostNanos: moneyColumnValue(row["upstream_cost_nanos"]),
    });
  }
  return attempts;
}

async function readActivities(
  database: Database,
  ids: readonly Uint8Array[],
): Promise<readonly (readonly [string, LogRow])[]> {
  if (ids.length === 0) {
    return [];
  }
  const marks = ids.map(() => "?").join(", ");
  const rows = await database.query<SqlRow>(
    `select ${activityColumns} from activity_log where id in (${marks})`,
    ids,
  );
  return rows.map((row) => {
    const activity = activityFromRow(row);
    return [keyOf(activity.id), { source: "activity", activity }];
  });
}

function idsOf(ids: readonly RowId[], table: LogTable["name"]): readonly Uint8Array[] {
  return ids.filter((row) => row.table === table).map(({ id }) => id);
}

function keyOf(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString("hex");
}

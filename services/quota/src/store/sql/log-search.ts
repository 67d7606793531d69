/**
 * Pages of the log. Each table is read only as deep as the page needs, newest first along a key, and never deeper than
 * a fixed number of rows, so that no search can hold up the calls that are being settled.
 */
import {
  bigintColumn,
  bytesColumn,
  integerColumn,
  textColumn,
} from "@tollgate/kit/sql/column-value";
import type { SqlRow } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import type { ListPage, Page } from "#domain/list-range.ts";
import { firstIdAt } from "#domain/log-entry.ts";
import type { LogFilter, LogRow } from "#domain/log-entry.ts";
import type { logSorts } from "#usecases/identity/identity-ports.ts";
import { activityCondition, tablesOf, usageCondition } from "./log-condition.ts";
import type { LogDatabase } from "./log-database.ts";
import { keyOf, readRows } from "./log-rows.ts";
import type { RowId } from "./log-rows.ts";
import { partsOf } from "./log-sources.ts";
import type { LogPart, LogSources } from "./log-sources.ts";
import { allOf } from "./sql-condition.ts";
import type { SqlCondition } from "./sql-condition.ts";

type LogPage = ListPage<(typeof logSorts)[number]>;

/** How many of the newest rows of each table a search looks at; enough for the deepest page. */
const scanRowsMax = 1_001_000;
/** The same for a search that is sorted by anything but time, which must look at all of them. */
const sortedRowsMax = 200_000;

interface LogTable {
  readonly name: RowId["table"];
  readonly id: string;
  /** What the page is sorted by before the id; undefined = the id alone. */
  readonly sort: string | undefined;
  readonly where: SqlCondition;
  readonly filter: LogFilter;
}

/** Which rows of all that match. */
type Stretch = Pick<LogPage, "offset" | "limit">;

/** Newest first, or by another field. */
export async function searchLog(
  sources: LogSources,
  filter: LogFilter,
  page: LogPage,
): Promise<Page<LogRow>> {
  const parts = partsOf(sources, filter);
  const found = await searchParts(sources, parts, page);
  const ids =
    found.length === 1
      ? (found[0]?.ids ?? [])
      : found
          .flatMap((part) => part.ids)
          .toSorted((left, right) => compareIds(left, right) * (page.isDescending ? -1 : 1))
          .slice(page.offset, page.offset + page.limit);
  const rows = await Promise.all(
    [...new Set(ids.map(({ database }) => database))].map(async (database) =>
      readRows(
        database,
        ids.filter((id) => id.database === database),
      ),
    ),
  );
  const byKey = new Map(rows.flatMap((part) => part.entries().toArray()));
  return {
    // A row that retention removed between the two queries is left out.
    rows: ids.map(({ id }) => byKey.get(keyOf(id))).filter((row) => row !== undefined),
    total: found.reduce((sum, { total }) => sum + total, 0),
  };
}

interface FoundIds {
  readonly ids: readonly RowId[];
  readonly total: number;
}

/** The newest come first and are in the main database, so that most pages are found there alone. */
async function searchParts(
  { archive }: LogSources,
  [first, ...others]: readonly LogPart[],
  page: LogPage,
): Promise<readonly FoundIds[]> {
  if (first === undefined) {
    return [];
  }
  if (others.length === 0) {
    return [await searchPart(first, page, page)];
  }
  // A page of the merged list lies within the first offset + limit rows of each part.
  const stretch = { offset: 0, limit: page.offset + page.limit };
  const found = await searchPart(first, page, stretch);
  const isNewestFirst = usageSort(page.sort) === undefined && page.isDescending;
  const last = found.ids[stretch.limit - 1];
  const isBeforeAll =
    last !== undefined && Buffer.compare(last.id, firstIdAt(archive?.beforeMs ?? 0)) >= 0;
  if (isNewestFirst && isBeforeAll && !page.hasTotal) {
    return [{ ...found, ids: found.ids.slice(page.offset) }];
  }
  return [
    found,
    ...(await Promise.all(others.map(async (part) => searchPart(part, page, stretch)))),
  ];
}

async function searchPart(part: LogPart, page: LogPage, stretch: Stretch): Promise<FoundIds> {
  const { database } = part;
  const tables = await Promise.all(
    tablesFor(part, page).map(async (table) => boundScan(database, table, table.filter)),
  );
  if (tables.length === 0) {
    return { ids: [], total: 0 };
  }
  return {
    ids: await readIds(database, tables, { ...page, ...stretch }),
    total: page.hasTotal ? await countRows(database, tables) : 0,
  };
}

function tablesFor({ database, usage, activity }: LogPart, page: LogPage): readonly LogTable[] {
  const usageTable: LogTable = {
    name: "usage_log",
    id: "request_id",
    sort: usageSort(page.sort),
    where: usageCondition(usage),
    filter: usage,
  };
  const activityTables: readonly LogTable[] =
    activity === undefined || !tablesOf(activity).hasActivity
      ? []
      : [
          {
            name: "activity_log",
            id: "id",
            sort: activitySort(page.sort),
            where: activityCondition(database, activity),
            filter: activity,
          },
        ];
  return [...(tablesOf(usage).hasUsage ? [usageTable] : []), ...activityTables];
}

/** As the statement sorts: by the field, then by the id. */
function compareIds(left: RowId, right: RowId): number {
  return left.sort === right.sort
    ? Buffer.compare(left.id, right.id)
    : left.sort < right.sort
      ? -1
      : 1;
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
  database: LogDatabase,
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

async function readIds(
  database: LogDatabase,
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
    `select row_id, source, sort_value from (${parts.join(" union all ")}) merged
     order by sort_value ${direction}, row_id ${direction}${limitOffset(page.limit, page.offset)}`,
    tables.flatMap(({ where }) => where.parameters),
  );
  return rows.map((row) => ({
    database,
    sort: bigintColumn(row["sort_value"]),
    table: textColumn(row["source"]) === "usage_log" ? "usage_log" : "activity_log",
    id: bytesColumn(row["row_id"]),
  }));
}

async function countRows(database: LogDatabase, tables: readonly LogTable[]): Promise<number> {
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

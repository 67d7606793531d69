/** What the engine means to do for a statement that reads calls or sums of calls, as far as a test wants to know. */
import { integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow, SqlValue } from "@tollgate/kit/sql/database";
import type { SqlDialect } from "@tollgate/kit/sql/sql-dialect";
import { z } from "zod";

/** A statement as it was run. */
export interface SeenStatement {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** The same database; statements that it answers are written down. */
export function recordQueries(database: Database): {
  readonly database: Database;
  /** Those since the last time that read one of the tables of calls. */
  readonly take: () => readonly SeenStatement[];
} {
  const seen: SeenStatement[] = [];
  return {
    database: {
      ...database,
      query: async <Row extends object>(...statement: Parameters<Database["query"]>) => {
        const [sql, parameters = []] = statement;
        if (tablesIn(sql).length > 0) {
          seen.push({ sql, parameters });
        }
        return database.query<Row>(...statement);
      },
    },
    take: () => seen.splice(0),
  };
}

/**
 * Sentences about each table of calls that the statement would read otherwise than along a range of an index. A statement that asks
 * for no range may read as far as its limit.
 */
export async function findScans(
  database: Database,
  statement: SeenStatement,
): Promise<readonly string[]> {
  const tables = tablesIn(statement.sql);
  const isBounded = /(?:request_id|at_seconds) (?:[<>]=?|=|in) |user_id = /u.test(statement.sql);
  const scans = (await accessesOf[database.dialect](database, statement))
    .filter(({ table }) => tables.includes(table))
    .filter(({ isRange }) => !isRange && (isBounded || !/ limit \d+/u.test(statement.sql)));
  return scans.map(({ detail }) => `${detail} in ${statement.sql}`);
}

const readTable =
  /\b(?:from|join) (?<table>usage_log|usage_hour|usage_day|upstream_attempts)(?: (?!where|group|order|limit|union|left|on)(?<alias>[a-z]\w*))?/gu;

/** Their names in the plan. */
function tablesIn(sql: string): readonly string[] {
  return [...sql.matchAll(readTable)].map(
    ({ groups }) => groups?.["alias"] ?? groups?.["table"] ?? "",
  );
}

interface Access {
  readonly table: string;
  readonly isRange: boolean;
  readonly detail: string;
}

type ReadAccesses = (database: Database, statement: SeenStatement) => Promise<readonly Access[]>;

const accessesOf: Readonly<Record<SqlDialect, ReadAccesses>> = {
  async sqlite(database, { sql, parameters }) {
    const rows = await database.query<SqlRow>(`explain query plan ${sql}`, parameters);
    return rows.flatMap((row) => {
      const detail = textColumn(row["detail"]);
      const { how, table } = /^(?<how>SCAN|SEARCH) (?<table>\w+)/u.exec(detail)?.groups ?? {};
      return table === undefined ? [] : [{ table, isRange: how === "SEARCH", detail }];
    });
  },
  async mysql(database, { sql, parameters }) {
    const rows = await database.query<SqlRow>(`explain ${sql}`, parameters);
    return rows.flatMap((row) => {
      if (row["table"] === null || row["type"] === null) {
        return [];
      }
      const table = textColumn(row["table"]);
      const type = textColumn(row["type"]);
      const isRange = type !== "ALL" && type !== "index";
      const detail = `${type} of ${table} by ${String(row["key"])}, ${integerColumn(row["rows"])} rows`;
      return [{ table, isRange, detail }];
    });
  },
  async postgresql(database, { sql, parameters }) {
    const [row] = await database.query<SqlRow>(`explain (format json) ${sql}`, parameters);
    const [{ Plan }] = explainedSchema.parse(row?.["QUERY PLAN"]);
    return accessesIn(Plan);
  },
};

const nodeSchema = z.object({
  "Node Type": z.string(),
  "Relation Name": z.string().optional(),
  Alias: z.string().optional(),
  "Index Cond": z.string().optional(),
  get Plans() {
    return z.array(nodeSchema).optional();
  },
});
type PlanNode = z.infer<typeof nodeSchema>;

const explainedSchema = z.tuple([z.object({ Plan: nodeSchema })]);

function accessesIn(node: PlanNode): readonly Access[] {
  const { "Node Type": type, Alias: table, "Index Cond": condition, Plans: children = [] } = node;
  // The index of a bitmap is told by the node below.
  const isRange = condition !== undefined || type === "Bitmap Heap Scan";
  const own: readonly Access[] =
    table === undefined || node["Relation Name"] === undefined
      ? []
      : [{ table, isRange, detail: `${type} of ${table}` }];
  return [...own, ...children.flatMap(accessesIn)];
}

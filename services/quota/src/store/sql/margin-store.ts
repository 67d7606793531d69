import {
  bigintColumn,
  integerColumn,
  moneyColumnValue,
  textColumn,
} from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import type { MarginKey, MarginReader } from "#usecases/money-ports.ts";

const rowsMax = 10_000;

const sums = `sum(d.requests) as requests, sum(d.cost_nanos) as cost_nanos,
  sum(d.upstream_cost_nanos) as upstream_cost_nanos`;

/** One statement over the days' roll-ups for each way to group. */
const statements = {
  channel: `select d.channel_id as id, '' as name, ${sums} from usage_day d
    where d.at_seconds >= ? and d.at_seconds <= ? group by d.channel_id order by cost_nanos desc, id`,
  model: `select 0 as id, d.model as name, ${sums} from usage_day d
    where d.at_seconds >= ? and d.at_seconds <= ? group by d.model order by cost_nanos desc, name`,
  user: `select d.user_id as id, coalesce(max(u.username), '') as name, ${sums} from usage_day d
    left join users u on u.id = d.user_id
    where d.at_seconds >= ? and d.at_seconds <= ? group by d.user_id order by cost_nanos desc, id`,
} as const satisfies Readonly<Record<MarginKey, string>>;

/** Margins in SQL. */
export function createMarginReader(database: Database): MarginReader {
  return {
    async readMargin({ fromSeconds, toSeconds, by }) {
      const sql = `${statements[by]}${limitOffset(rowsMax)}`;
      const rows = await database.query<SqlRow>(sql, [fromSeconds, toSeconds]);
      return rows.map((row) => ({
        id: integerColumn(row["id"]),
        name: textColumn(row["name"]),
        requests: Number(bigintColumn(row["requests"])),
        costNanos: moneyColumnValue(row["cost_nanos"]),
        upstreamCostNanos: moneyColumnValue(row["upstream_cost_nanos"]),
      }));
    },
  };
}

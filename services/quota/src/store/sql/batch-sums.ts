import { bigintColumn, bytesColumn, integerColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow, SqlValue } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import { uuidV7Time } from "@tollgate/kit/ids/uuid-v7";
import { firstIdAt } from "#domain/log-entry.ts";
import type {
  BatchSum,
  BatchSums,
  CorrectedCalls,
  TimeWindow,
} from "#usecases/reconcile/reconcile-ports.ts";
import { readDroppedMs } from "./log-keeping-store.ts";
import { costCorrectedFlag } from "./usage-row.ts";

const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
// Nearly every call of a settlement started within these; the others are looked for one by one.
const startedBeforeMs = 10 * minuteMs;
const startedAfterMs = 10 * minuteMs;
const exactBeforeMs = 40 * dayMs;
const exactRowsMax = 500_000;

/** A range of both keys: calls by their start, settlements by their time. */
const settledIn = `request_id >= ? and request_id < ? and batch_id >= ? and batch_id < ?`;

const chargedSql = `select t.batch_id, t.user_id, -e.amount_nanos as cost
  from ledger_tx t join ledger_entries e on e.tx_id = t.tx_id and e.user_id = t.user_id
  where t.tx_id >= ? and t.tx_id < ? and t.kind = 'settlement'`;

const rowsSql = `select batch_id, user_id, sum(cost_nanos) as cost from usage_log
  where ${settledIn} group by batch_id, user_id`;

const exactSql = `select coalesce(sum(case when r.batch_id = ? then r.cost_nanos else 0 end), 0) as cost,
    count(*) as looked_at
  from (select batch_id, cost_nanos from usage_log
    where user_id = ? and request_id >= ? and request_id < ?
    order by request_id desc${limitOffset(exactRowsMax)}) r`;

const isCorrected = `(flags & ${costCorrectedFlag}) <> 0`;

const countSql = `select count(*) as calls,
    coalesce(sum(case when ${isCorrected} then 1 else 0 end), 0) as corrected
  from usage_log where ${settledIn}`;

const correctedSql = `select request_id, user_id from usage_log
  where ${settledIn} and ${isCorrected} order by request_id`;

/** Settlements, in a database. */
export function createBatchSums(database: Database): BatchSums {
  return {
    async listCharged({ fromMs, toMs }, max) {
      // A settlement's transaction and its batch are named in the same millisecond.
      const rows = await database.query<SqlRow>(`${chargedSql}${limitOffset(max + 1)}`, [
        firstIdAt(fromMs),
        firstIdAt(toMs),
      ]);
      return rows.length > max ? undefined : rows.map(batchSumOf);
    },
    async listRows(window, max) {
      const sql = `${rowsSql}${limitOffset(max + 1)}`;
      const rows = await database.query<SqlRow>(sql, await rangesOf(database, window));
      return rows.length > max ? undefined : rows.map(batchSumOf);
    },
    sumExactly: async (batch) => sumExactly(database, batch),
    findCorrected: async (window, max) => findCorrected(database, window, max),
    readFloor: async () => readDroppedMs(database),
  };
}

async function sumExactly(
  database: Database,
  { batchId, userId }: Pick<BatchSum, "batchId" | "userId">,
): Promise<bigint | undefined> {
  const atMs = uuidV7Time(batchId);
  // Rows before this count as retired, whether they are gone already or not.
  const droppedMs = await readDroppedMs(database);
  const [row] = await database.query<SqlRow>(exactSql, [
    batchId,
    userId,
    firstIdAt(Math.max(atMs - exactBeforeMs, droppedMs)),
    firstIdAt(atMs + dayMs),
  ]);
  const [retired] = await database.query<SqlRow>(
    `select coalesce(sum(cost_nanos), 0) as cost from retired_usage
     where user_id = ? and batch_id = ?`,
    [userId, batchId],
  );
  if ((await readDroppedMs(database)) !== droppedMs) {
    // Rows were retired between the two sums.
    return sumExactly(database, { batchId, userId });
  }
  return integerColumn(row?.["looked_at"]) >= exactRowsMax
    ? undefined
    : bigintColumn(row?.["cost"]) + bigintColumn(retired?.["cost"]);
}

async function findCorrected(
  database: Database,
  window: TimeWindow,
  max: number,
): Promise<CorrectedCalls> {
  const ranges = await rangesOf(database, window);
  const [counted] = await database.query<SqlRow>(countSql, ranges);
  const corrected = integerColumn(counted?.["corrected"]);
  const rows =
    corrected === 0
      ? []
      : await database.query<SqlRow>(`${correctedSql}${limitOffset(max)}`, ranges);
  return {
    calls: integerColumn(counted?.["calls"]),
    corrected,
    first: rows.map((row) => ({
      requestId: bytesColumn(row["request_id"]),
      userId: integerColumn(row["user_id"]),
    })),
  };
}

/** Rows from before what was dropped do not count, whether they are gone already or not: what they cost is retired. */
async function rangesOf(
  database: Database,
  { fromMs, toMs }: TimeWindow,
): Promise<readonly SqlValue[]> {
  const droppedMs = await readDroppedMs(database);
  return [
    firstIdAt(Math.max(fromMs - startedBeforeMs, droppedMs)),
    firstIdAt(toMs + startedAfterMs),
    firstIdAt(Math.max(fromMs, droppedMs)),
    firstIdAt(toMs),
  ];
}

function batchSumOf(row: SqlRow): BatchSum {
  return {
    batchId: bytesColumn(row["batch_id"]),
    userId: integerColumn(row["user_id"]),
    costNanos: bigintColumn(row["cost"]),
  };
}

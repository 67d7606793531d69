import {
  bytesColumn,
  integerColumn,
  moneyColumnValue,
  textColumn,
} from "@tollgate/kit/sql/column-value";
import type { SqlRow } from "@tollgate/kit/sql/database";
import type { LogRow } from "#domain/log-entry.ts";
import type { SettledAttempt, SettledCall } from "#domain/settled-call.ts";
import { activityColumns, activityFromRow } from "./activity-store.ts";
import type { LogDatabase } from "./log-database.ts";
import { settledCallOf, usageColumns } from "./usage-row.ts";

/** Where a row is, and what it is sorted by. */
export interface RowId {
  readonly database: LogDatabase;
  readonly sort: bigint;
  readonly table: "usage_log" | "activity_log";
  readonly id: Uint8Array;
}

/** Reads rows of one database; those that are gone are left out. The key of a row is that of {@link keyOf}. */
export async function readRows(
  database: LogDatabase,
  ids: readonly RowId[],
): Promise<ReadonlyMap<string, LogRow>> {
  const calls = await readCalls(database, idsOf(ids, "usage_log"));
  const activities = await readActivities(database, idsOf(ids, "activity_log"));
  return new Map([...calls, ...activities]);
}

async function readCalls(
  database: LogDatabase,
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
  database: LogDatabase,
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
  database: LogDatabase,
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

function idsOf(ids: readonly RowId[], table: RowId["table"]): readonly Uint8Array[] {
  return ids.filter((row) => row.table === table).map(({ id }) => id);
}

/** An id as a text to look up by. */
export function keyOf(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString("hex");
}

import { setImmediate } from "node:timers/promises";
import { integerColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow, Transaction } from "@tollgate/kit/sql/database";
import { addToExisting, forShare, forUpdate } from "@tollgate/kit/sql/sql-dialect";
import { firstIdAt } from "#domain/log-entry.ts";
import type { LogExtent, LogKeepingStore } from "#usecases/log/log-keeping-ports.ts";
import { addDayPartitions, dropDayPartitions } from "./usage-partitions.ts";

const extentSql = "select floor_ms, dropped_ms from log_keeping where id = 1";
const rowsPerDelete = 1000;
const deletesMax = 500;

/** Keeps the log in a database. */
export function createLogKeepingStore(database: Database): LogKeepingStore {
  const { dialect } = database;
  const shareSql = `${extentSql}${forShare(dialect)}`;
  const lockSql = `${extentSql}${forUpdate(dialect)}`;
  const read = async (sql: string, tx?: Transaction): Promise<LogExtent> => {
    const [row] = await database.query<SqlRow>(sql, [], tx);
    return {
      floorMs: integerColumn(row?.["floor_ms"]),
      droppedMs: integerColumn(row?.["dropped_ms"]),
    };
  };
  return {
    readExtent: async () => read(extentSql),
    share: async (tx) => (await read(shareSql, tx)).floorMs,
    async raiseFloor(floorMs) {
      await database.execute("update log_keeping set floor_ms = ? where id = 1 and floor_ms < ?", [
        floorMs,
        floorMs,
      ]);
    },
    async retire(droppedMs) {
      await database.transaction(async (tx) => {
        const extent = await read(lockSql, tx);
        if (extent.droppedMs < droppedMs) {
          await noteRetired(database, { fromMs: extent.droppedMs, toMs: droppedMs }, tx);
          await tx.run("update log_keeping set dropped_ms = ? where id = 1", [droppedMs]);
        }
      });
    },
    async prepareDays(nowMs) {
      if (dialect === "mysql") {
        await addDayPartitions(database, nowMs);
      }
    },
    async removeRetired() {
      const { droppedMs } = await read(extentSql);
      if (droppedMs === 0) {
        return true;
      }
      if (dialect === "mysql") {
        await dropDayPartitions(database, droppedMs);
        // What is left is in a partition that holds later days too: the first one, or one of days when nobody made any.
      }
      const isWithoutAttempts = await deleteBefore(database, "upstream_attempts", droppedMs);
      return (await deleteBefore(database, "usage_log", droppedMs)) && isWithoutAttempts;
    },
  };
}

/** The moment before which rows count no longer. */
export async function readDroppedMs(database: Database): Promise<number> {
  const [row] = await database.query<SqlRow>(extentSql);
  return integerColumn(row?.["dropped_ms"]);
}

/** Only settlements that are younger than the rows that go can have rows that stay. */
async function noteRetired(
  { dialect }: Database,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  tx: Transaction,
): Promise<void> {
  const end = firstIdAt(toMs);
  const keys = ["user_id", "batch_id"];
  const tail = addToExisting(dialect, { table: "retired_usage", keys, add: ["cost_nanos"] });
  await tx.run(
    `insert into retired_usage (user_id, batch_id, cost_nanos)
     select user_id, batch_id, sum(cost_nanos) from usage_log
     where request_id >= ? and request_id < ? and batch_id >= ?
     group by user_id, batch_id${tail}`,
    [firstIdAt(fromMs), end, end],
  );
  await tx.run("delete from retired_usage where batch_id < ?", [end]);
}

/** Deletes along the key in small transactions; answers false when it stopped before the end. */
async function deleteBefore(
  database: Database,
  table: "usage_log" | "upstream_attempts",
  beforeMs: number,
): Promise<boolean> {
  const rows = `from ${table} where request_id < ? order by request_id limit ${rowsPerDelete}`;
  const sql =
    database.dialect === "mysql"
      ? `delete ${rows}`
      : `delete from ${table} where request_id in (select request_id ${rows})`;
  for (let round = 0; round < deletesMax; round += 1) {
    const { affectedRows } = await database.execute(sql, [firstIdAt(beforeMs)]);
    if (affectedRows === 0) {
      return true;
    }
    await setImmediate();
  }
  return false;
}

/**
 * The partitions of `usage_log` on MySQL and MariaDB: one for each day, by ranges of the UUIDv7 that is the key, so that a day goes
 * without touching its rows. A partition is named for the last day that it holds; `p_max` holds what comes after all days.
 */
import { textColumn } from "@tollgate/kit/sql/column-value";
import type { SqlRow, Transaction } from "@tollgate/kit/sql/database";
import { firstIdAt } from "#domain/log-entry.ts";
import { daysLater, startOfDay } from "#domain/log-window.ts";
import type { LogDatabase } from "./log-database.ts";

/** A partition and the moment that it ends at. */
export interface DayPartition {
  readonly name: string;
  readonly endMs: number;
}

const daysAhead = 7;
// Locks are the server's, not the database's; their names have at most 64 characters.
const lockName = "concat('tollgate_log_', left(database(), 48))";
// A statement that waits for the table makes every settlement wait behind it.
const waitSecondsMax = 2;

/** Adds the days to come. Does nothing while another connection does it. */
export async function addDayPartitions(database: LogDatabase, nowMs: number): Promise<void> {
  await alone(database, async (tx) => {
    const wanted = partitionsToAdd(await readPartitions(database, tx), nowMs);
    if (wanted.length > 0) {
      const parts = wanted.map(
        ({ name, endMs }) => `partition ${name} values less than (${idLiteral(endMs)})`,
      );
      await tx.run(
        `alter table usage_log reorganize partition p_max into
           (${parts.join(", ")}, partition p_max values less than (maxvalue))`,
        [],
      );
    }
  });
}

/** Drops the days that end at or before a moment. Does nothing while another connection works on partitions. */
export async function dropDayPartitions(database: LogDatabase, beforeMs: number): Promise<void> {
  await alone(database, async (tx) => {
    const gone = (await readPartitions(database, tx)).filter(({ endMs }) => endMs <= beforeMs);
    if (gone.length > 0) {
      const names = gone.map(({ name }) => name).join(", ");
      await tx.run(`alter table usage_log drop partition ${names}`, []);
    }
  });
}

/** Days from the last partition up to a week ahead; what was missed until yesterday becomes one. */
export function partitionsToAdd(
  present: readonly DayPartition[],
  nowMs: number,
): readonly DayPartition[] {
  const lastEndMs = Math.max(0, ...present.map(({ endMs }) => endMs));
  const wanted: DayPartition[] = [];
  let startMs = Math.max(lastEndMs, startOfDay(nowMs));
  if (lastEndMs < startMs) {
    wanted.push(partitionUntil(startMs));
  }
  for (; startMs <= daysLater(nowMs, daysAhead); startMs = daysLater(startMs, 1)) {
    wanted.push(partitionUntil(daysLater(startMs, 1)));
  }
  return wanted;
}

async function readPartitions(
  database: LogDatabase,
  tx: Transaction,
): Promise<readonly DayPartition[]> {
  const rows = await database.query<SqlRow>(
    `select partition_name as name from information_schema.partitions
     where table_schema = database() and table_name = 'usage_log'`,
    [],
    tx,
  );
  return rows.flatMap((row) => {
    const name = textColumn(row["name"]);
    const day = /^p(?<year>\d{4})(?<month>\d\d)(?<date>\d\d)$/u.exec(name)?.groups;
    return day === undefined
      ? []
      : [
          {
            name,
            endMs: daysLater(
              Date.UTC(Number(day["year"]), Number(day["month"]) - 1, Number(day["date"])),
              1,
            ),
          },
        ];
  });
}

function partitionUntil(endMs: number): DayPartition {
  const lastDay = new Date(daysLater(endMs, -1)).toISOString().slice(0, 10);
  return { name: `p${lastDay.replaceAll("-", "")}`, endMs };
}

function idLiteral(timeMs: number): string {
  return `x'${Buffer.from(firstIdAt(timeMs)).toString("hex")}'`;
}

async function alone(
  database: LogDatabase,
  work: (tx: Transaction) => Promise<void>,
): Promise<void> {
  // Statements that change a table commit by themselves; the transaction is here to have one connection.
  await database.transaction(async (tx) => {
    const { rows } = await tx.run(`select get_lock(${lockName}, 0) as taken`, []);
    if (String(rows[0]?.["taken"]) !== "1") {
      return;
    }
    try {
      await tx.run(`set session lock_wait_timeout = ${waitSecondsMax}`, []);
      await work(tx);
    } finally {
      await tx.run("set session lock_wait_timeout = default", []);
      await tx.run(`select release_lock(${lockName}) as released`, []);
    }
  });
}

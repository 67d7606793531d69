import {
  bytesColumn,
  integerColumn,
  moneyColumnValue,
  textColumn,
} from "@tollgate/kit/sql/column-value";
import { uuidV7Time } from "@tollgate/kit/ids/uuid-v7";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { idText } from "#domain/settlement.ts";
import type { ChargedCall, RefundStore } from "#usecases/payments/payment-ports.ts";
import { insertMany } from "./insert-many.ts";
import { readDroppedMs } from "./log-keeping-store.ts";
import type { LogDatabases } from "./log-store.ts";

const idsPerStatement = 500;

const insertRefunds = insertMany({
  table: "refunds",
  columns: [
    "request_id",
    "refund_seq",
    "user_id",
    "key_id",
    "amount_nanos",
    "reason",
    "actor_id",
    "created_at_ms",
  ],
});

const callSql = "select user_id, key_id, model, cost_nanos from usage_log where request_id = ?";

/** Refunds in the main database; what they refund may be in the log database. */
export function createRefundStore(databases: LogDatabases): RefundStore {
  const { database } = databases;
  return {
    findCall: async (requestId) => {
      const [row] = await database.query<SqlRow>(callSql, [requestId]);
      return row === undefined ? findMoved(databases, requestId) : chargedCallOf(row);
    },
    insert: async (refund, tx) => {
      await insertRefunds(tx, [
        [
          refund.requestId,
          refund.seq,
          refund.userId,
          refund.keyId,
          refund.amountNanos,
          refund.reason,
          refund.actorId,
          refund.createdAtMs,
        ],
      ]);
    },
    sum: async (requestId, tx) => {
      const [row] = await database.query<SqlRow>(
        `select count(*) as refunds, coalesce(sum(amount_nanos), 0) as total
         from refunds where request_id = ?`,
        [requestId],
        tx,
      );
      return {
        amountNanos: moneyColumnValue(row?.["total"]),
        count: integerColumn(row?.["refunds"]),
      };
    },
    sumMany: async (requestIds) => sumMany(database, requestIds),
    raiseCap: async (keyId, amountNanos, tx) => {
      // The cap rises instead of what was used falling: that stays the sum of the key's calls.
      await tx.run(
        "update key_caps set cap_nanos = cap_nanos + ? where key_id = ? and is_capped = ?",
        [amountNanos, keyId, true],
      );
    },
  };
}

/** A row is in the log database before it leaves the main one, so whoever looks in this order finds it. */
async function findMoved(
  { database, archive }: LogDatabases,
  requestId: Uint8Array,
): Promise<ChargedCall | undefined> {
  // A later call that the main database does not have was not charged there, whatever a copy of it says.
  if (archive === undefined || uuidV7Time(requestId) >= (await readDroppedMs(database))) {
    return undefined;
  }
  const [row] = await archive.query<SqlRow>(callSql, [requestId]);
  return row === undefined ? undefined : chargedCallOf(row);
}

function chargedCallOf(row: SqlRow): ChargedCall {
  return {
    userId: integerColumn(row["user_id"]),
    keyId: integerColumn(row["key_id"]),
    model: textColumn(row["model"]),
    costNanos: moneyColumnValue(row["cost_nanos"]),
  };
}

async function sumMany(
  database: Database,
  requestIds: readonly Uint8Array[],
): Promise<ReadonlyMap<string, NanoUsd>> {
  const sums = new Map<string, NanoUsd>();
  for (let start = 0; start < requestIds.length; start += idsPerStatement) {
    const ids = requestIds.slice(start, start + idsPerStatement);
    const marks = ids.map(() => "?").join(", ");
    const rows = await database.query<SqlRow>(
      `select request_id, sum(amount_nanos) as total from refunds
       where request_id in (${marks}) group by request_id`,
      ids,
    );
    for (const row of rows) {
      sums.set(idText(bytesColumn(row["request_id"])), moneyColumnValue(row["total"]));
    }
  }
  return sums;
}

import {
  bytesColumn,
  integerColumn,
  moneyColumnValue,
  textColumn,
} from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { idText } from "#domain/settlement.ts";
import type { RefundStore } from "#usecases/payments/payment-ports.ts";
import { insertMany } from "./insert-many.ts";

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

/** Refunds in a database. */
export function createRefundStore(database: Database): RefundStore {
  return {
    findCall: async (requestId, tx) => {
      const [row] = await database.query<SqlRow>(
        "select user_id, key_id, model, cost_nanos from usage_log where request_id = ?",
        [requestId],
        tx,
      );
      return row === undefined
        ? undefined
        : {
            userId: integerColumn(row["user_id"]),
            keyId: integerColumn(row["key_id"]),
            model: textColumn(row["model"]),
            costNanos: moneyColumnValue(row["cost_nanos"]),
          };
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

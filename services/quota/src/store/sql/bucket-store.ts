import {
  bytesColumn,
  integerColumn,
  moneyColumnValue,
  textColumn,
} from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { insertRows, limitOffset } from "@tollgate/kit/sql/sql-dialect";
import type { CreditBucket } from "#domain/credit-bucket.ts";
import { isAdjustmentKind } from "#domain/ledger.ts";
import type { BucketStore } from "#usecases/payments/payment-ports.ts";

const columns = [
  "bucket_id",
  "user_id",
  "kind",
  "granted_nanos",
  "remaining_nanos",
  "used_mark_nanos",
  "expired_nanos",
  "expires_at_ms",
  "created_at_ms",
  "closed_at_ms",
];

const insertSql = insertRows({ table: "wallet_buckets", columns, rowCount: 1 });
const updateSql = `update wallet_buckets
  set remaining_nanos = ?, used_mark_nanos = ?, expired_nanos = ?, closed_at_ms = ? where bucket_id = ?`;
const openSql = `select ${columns.join(", ")} from wallet_buckets
  where user_id = ? and closed_at_ms = 0 order by expires_at_ms, bucket_id`;
const dueSql = `select distinct user_id from wallet_buckets
  where closed_at_ms = 0 and expires_at_ms <= ? and user_id > ? order by user_id`;

/** Credit that expires, in a database. */
export function createBucketStore(database: Database): BucketStore {
  return {
    insert: async (bucket, tx) => {
      await tx.run(insertSql, [
        bucket.bucketId,
        bucket.userId,
        bucket.kind,
        bucket.grantedNanos,
        bucket.remainingNanos,
        bucket.usedMarkNanos,
        bucket.expiredNanos,
        bucket.expiresAtMs,
        bucket.createdAtMs,
        bucket.closedAtMs,
      ]);
    },
    update: async (bucket, tx) => {
      await tx.run(updateSql, [
        bucket.remainingNanos,
        bucket.usedMarkNanos,
        bucket.expiredNanos,
        bucket.closedAtMs,
        bucket.bucketId,
      ]);
    },
    listOpen: async (userId, tx) => {
      const rows = await database.query<SqlRow>(openSql, [userId], tx);
      return rows.map(fromRow);
    },
    findDueUsers: async ({ nowMs, afterUserId, max }) => {
      const rows = await database.query<SqlRow>(dueSql + limitOffset(max), [nowMs, afterUserId]);
      return rows.map((row) => integerColumn(row["user_id"]));
    },
  };
}

function fromRow(row: SqlRow): CreditBucket {
  const kind = textColumn(row["kind"]);
  if (!isAdjustmentKind(kind)) {
    throw new TypeError(`credit cannot come from a ${kind}`);
  }
  return {
    bucketId: bytesColumn(row["bucket_id"]),
    userId: integerColumn(row["user_id"]),
    kind,
    grantedNanos: moneyColumnValue(row["granted_nanos"]),
    remainingNanos: moneyColumnValue(row["remaining_nanos"]),
    usedMarkNanos: moneyColumnValue(row["used_mark_nanos"]),
    expiredNanos: moneyColumnValue(row["expired_nanos"]),
    expiresAtMs: integerColumn(row["expires_at_ms"]),
    createdAtMs: integerColumn(row["created_at_ms"]),
    closedAtMs: integerColumn(row["closed_at_ms"]),
  };
}

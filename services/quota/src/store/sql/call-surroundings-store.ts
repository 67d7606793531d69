import {
  bytesColumn,
  integerColumn,
  moneyColumnValue,
  textColumn,
} from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import type { CallRefund, CallSurroundings, LeaseAround } from "#usecases/reports/explain-call.ts";
import { leaseStates } from "./lease-store.ts";

const leaseColumns = `journal_id, epoch, lease_no, key_id, granted_nanos, settled_nanos, returned_nanos,
  state, created_at_ms, closed_at_ms`;

/** Refunds and leases around calls, in a database. */
export function createCallSurroundings(database: Database): CallSurroundings {
  return {
    async listRefunds(requestId, max) {
      const rows = await database.query<SqlRow>(
        `select refund_seq, amount_nanos, reason, actor_id, created_at_ms from refunds
         where request_id = ? order by refund_seq${limitOffset(max)}`,
        [requestId],
      );
      return rows.map(refundOf);
    },
    async listLeases({ userId, keyId, atMs, max }) {
      const rows = await database.query<SqlRow>(
        `select ${leaseColumns} from leases where user_id = ? and state in (?, ?) and key_id in (0, ?)
           and created_at_ms <= ? and (closed_at_ms = 0 or closed_at_ms >= ?)
         order by created_at_ms, journal_id, epoch, lease_no${limitOffset(max)}`,
        [userId, leaseStates.active, leaseStates.released, keyId, atMs, atMs],
      );
      return rows.map(leaseOf);
    },
    async findLease({ batchId, epoch, leaseNo }) {
      const [batch] = await database.query<SqlRow>(
        "select journal_id from settled_batches where batch_id = ?",
        [batchId],
      );
      if (batch === undefined) {
        return { journalId: undefined, lease: undefined };
      }
      const journalId = bytesColumn(batch["journal_id"]);
      const [lease] = await database.query<SqlRow>(
        `select ${leaseColumns} from leases where journal_id = ? and epoch = ? and lease_no = ?`,
        [journalId, epoch, leaseNo],
      );
      return { journalId, lease: lease === undefined ? undefined : leaseOf(lease) };
    },
  };
}

function refundOf(row: SqlRow): CallRefund {
  return {
    seq: integerColumn(row["refund_seq"]),
    amountNanos: moneyColumnValue(row["amount_nanos"]),
    reason: textColumn(row["reason"]),
    actorId: integerColumn(row["actor_id"]),
    createdAtMs: integerColumn(row["created_at_ms"]),
  };
}

function leaseOf(row: SqlRow): LeaseAround {
  return {
    journalId: bytesColumn(row["journal_id"]),
    epoch: integerColumn(row["epoch"]),
    leaseNo: integerColumn(row["lease_no"]),
    keyId: integerColumn(row["key_id"]),
    grantedNanos: moneyColumnValue(row["granted_nanos"]),
    settledNanos: moneyColumnValue(row["settled_nanos"]),
    returnedNanos: moneyColumnValue(row["returned_nanos"]),
    isActive: integerColumn(row["state"]) === leaseStates.active,
    createdAtMs: integerColumn(row["created_at_ms"]),
    closedAtMs: integerColumn(row["closed_at_ms"]),
  };
}

import { bytesColumn, integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import type {
  JournalFacts,
  JournalSums,
  OldLease,
  SilentJournal,
} from "#usecases/reconcile/reconcile-ports.ts";
import { leaseStates } from "./lease-store.ts";

const factsSql = `select j.journal_id, j.epoch, j.hwm,
    (select max(o.seq) from open_calls o where o.journal_id = j.journal_id) as last_open_seq,
    (select max(l.epoch) from leases l
      where l.journal_id = j.journal_id and l.state = ${leaseStates.active}) as last_lease_epoch
  from journals j`;

const silentSql = `select j.journal_id, j.node_name, j.last_seen_ms from journals j
  where j.last_seen_ms < ? and (
    exists (select 1 from leases l where l.journal_id = j.journal_id and l.state = ${leaseStates.active})
    or exists (select 1 from open_calls o where o.journal_id = j.journal_id))
  order by j.last_seen_ms, j.journal_id`;

/** Journals and leases, in a database. */
export function createJournalSums(database: Database): JournalSums {
  return {
    async list(after, max) {
      const rows = await database.query<SqlRow>(
        `${factsSql} where j.journal_id > ? order by j.journal_id${limitOffset(max)}`,
        [after ?? new Uint8Array(0)],
      );
      return rows.map(factsOf);
    },
    async findOldLeases(beforeMs, max) {
      const [counted] = await database.query<SqlRow>(
        `select count(*) as active, coalesce(sum(case when created_at_ms < ? then 1 else 0 end), 0) as old
         from leases where closed_at_ms = 0`,
        [beforeMs],
      );
      const rows = await database.query<SqlRow>(
        `select journal_id, epoch, lease_no, user_id, created_at_ms from leases
         where closed_at_ms = 0 and created_at_ms < ?
         order by created_at_ms, journal_id, epoch, lease_no${limitOffset(max)}`,
        [beforeMs],
      );
      return {
        active: integerColumn(counted?.["active"]),
        old: integerColumn(counted?.["old"]),
        first: rows.map(oldLeaseOf),
      };
    },
    async findSilent(beforeMs, max) {
      const rows = await database.query<SqlRow>(`${silentSql}${limitOffset(max)}`, [beforeMs]);
      return rows.map(silentOf);
    },
  };
}

function factsOf(row: SqlRow): JournalFacts {
  return {
    journalId: bytesColumn(row["journal_id"]),
    epoch: integerColumn(row["epoch"]),
    hwm: integerColumn(row["hwm"]),
    lastOpenSeq: optional(row["last_open_seq"]),
    lastLeaseEpoch: optional(row["last_lease_epoch"]),
  };
}

function optional(value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : integerColumn(value);
}

function oldLeaseOf(row: SqlRow): OldLease {
  return {
    journalId: bytesColumn(row["journal_id"]),
    epoch: integerColumn(row["epoch"]),
    leaseNo: integerColumn(row["lease_no"]),
    userId: integerColumn(row["user_id"]),
    createdAtMs: integerColumn(row["created_at_ms"]),
  };
}

function silentOf(row: SqlRow): SilentJournal {
  return {
    journalId: bytesColumn(row["journal_id"]),
    nodeName: textColumn(row["node_name"]),
    lastSeenMs: integerColumn(row["last_seen_ms"]),
  };
}

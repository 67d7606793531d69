import { bytesColumn, integerColumn, moneyColumnValue } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow, SqlValue } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import type { Lease } from "#domain/lease.ts";
import type { LeaseStore, NewLease, OwnedLease } from "#usecases/money-ports.ts";
import type { Tx } from "#usecases/transaction.ts";

/** The states as stored. */
export const leaseStates = Object.freeze({ active: 1, released: 2 });

const columns =
  "epoch, lease_no, user_id, key_id, granted_nanos, settled_nanos, returned_nanos, state";

const ownedColumns = ["journal_id", ...columns.split(", "), "created_at_ms"]
  .map((column) => `l.${column}`)
  .join(", ");

const namesPerStatement = 200;

// Added to the reason as stored. The only reader is a request that is repeated.
const singleCallMark = 8;

/** Leases in a database. */
export function createLeaseStore(database: Database): LeaseStore {
  const read = async (
    condition: string,
    parameters: readonly SqlValue[],
    tx?: Tx,
  ): Promise<readonly Lease[]> => {
    const sql = `select ${columns} from leases where ${condition}`;
    return (await database.query<SqlRow>(sql, parameters, tx)).map(fromRow);
  };
  return {
    insert: insertLease,
    async find(journalId, { epoch, leaseNo }, tx) {
      const [row] = await database.query<SqlRow>(
        `select ${columns}, reason from leases where journal_id = ? and epoch = ? and lease_no = ?`,
        [journalId, epoch, leaseNo],
        tx,
      );
      return row === undefined
        ? undefined
        : { ...fromRow(row), isSingleCall: integerColumn(row["reason"]) >= singleCallMark };
    },
    async findMany(journalId, names, tx) {
      const found: Lease[] = [];
      for (let start = 0; start < names.length; start += namesPerStatement) {
        const chunk = names.slice(start, start + namesPerStatement);
        const anyOf = chunk.map(() => "(epoch = ? and lease_no = ?)").join(" or ");
        const parameters = chunk.flatMap(({ epoch, leaseNo }) => [epoch, leaseNo]);
        found.push(
          ...(await read(`journal_id = ? and (${anyOf})`, [journalId, ...parameters], tx)),
        );
      }
      return found;
    },
    activeBelow: async (journalId, epoch, tx) =>
      read(
        "journal_id = ? and state = ? and epoch < ?",
        [journalId, leaseStates.active, epoch],
        tx,
      ),
    activeUpTo: async (journalId, { epoch, leaseNo }, tx) =>
      read(
        "journal_id = ? and state = ? and epoch = ? and lease_no <= ?",
        [journalId, leaseStates.active, epoch, leaseNo],
        tx,
      ),
    async countOtherJournals(userId, journalId, tx) {
      const [row] = await database.query<SqlRow>(
        `select count(distinct journal_id) as journals from leases
         where user_id = ? and state = ? and journal_id <> ?`,
        [userId, leaseStates.active, journalId],
        tx,
      );
      return integerColumn(row?.["journals"]);
    },
    ...createOwnedReads(database),
    removeReleasedBefore: async (beforeMs, max) => removeReleased(database, beforeMs, max),
  };
}

function createOwnedReads(
  database: Database,
): Pick<LeaseStore, "activeOfUser" | "activeOfJournal"> {
  return {
    async activeOfUser({ userId, seenAfterMs, max }, tx) {
      const rows = await database.query<SqlRow>(
        `select ${ownedColumns} from leases l
         join journals j on j.journal_id = l.journal_id and j.epoch = l.epoch
         where l.user_id = ? and l.state = ? and j.last_seen_ms >= ?
         order by l.granted_nanos desc${limitOffset(max)}`,
        [userId, leaseStates.active, seenAfterMs],
        tx,
      );
      return rows.map(ownedFromRow);
    },
    async activeOfJournal(journalId, max, tx) {
      const rows = await database.query<SqlRow>(
        `select ${ownedColumns} from leases l where l.journal_id = ? and l.state = ?
         order by l.granted_nanos desc${limitOffset(max)}`,
        [journalId, leaseStates.active],
        tx,
      );
      return rows.map(ownedFromRow);
    },
  };
}

async function insertLease(lease: NewLease, tx: Tx): Promise<void> {
  await tx.run(
    `insert into leases
       (journal_id, epoch, lease_no, user_id, key_id, granted_nanos, state, reason, created_at_ms)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      lease.journalId,
      lease.epoch,
      lease.leaseNo,
      lease.userId,
      lease.keyId,
      lease.grantedNanos,
      leaseStates.active,
      lease.reason + (lease.isSingleCall ? singleCallMark : 0),
      lease.createdAtMs,
    ],
  );
}

async function removeReleased(database: Database, beforeMs: number, max: number): Promise<number> {
  const rows = await database.query<SqlRow>(
    `select journal_id, epoch, lease_no from leases
     where closed_at_ms > 0 and closed_at_ms < ?${limitOffset(max)}`,
    [beforeMs],
  );
  for (const row of rows) {
    await database.execute(
      "delete from leases where journal_id = ? and epoch = ? and lease_no = ? and state = ?",
      [...keyOf(row), leaseStates.released],
    );
  }
  return rows.length;
}

function keyOf(row: SqlRow): readonly SqlValue[] {
  const journalId = bytesColumn(row["journal_id"]);
  return [journalId, integerColumn(row["epoch"]), integerColumn(row["lease_no"])];
}

function ownedFromRow(row: SqlRow): OwnedLease {
  const journalId = bytesColumn(row["journal_id"]);
  return { ...fromRow(row), journalId, createdAtMs: integerColumn(row["created_at_ms"]) };
}

function fromRow(row: SqlRow): Lease {
  return {
    epoch: integerColumn(row["epoch"]),
    leaseNo: integerColumn(row["lease_no"]),
    userId: integerColumn(row["user_id"]),
    keyId: integerColumn(row["key_id"]),
    grantedNanos: moneyColumnValue(row["granted_nanos"]),
    settledNanos: moneyColumnValue(row["settled_nanos"]),
    returnedNanos: moneyColumnValue(row["returned_nanos"]),
    state: integerColumn(row["state"]) === leaseStates.active ? "active" : "released",
  };
}

import {
  bytesColumn,
  integerColumn,
  moneyColumnValue,
  textColumn,
} from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow, SqlValue } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import type { JournalDesk, JournalOverview } from "#usecases/leases/lease-ports.ts";
import { leaseStates } from "./lease-store.ts";

const remainder = "l.granted_nanos - l.settled_nanos - l.returned_nanos";

const overviewSql = `select j.journal_id, j.node_name, j.build, j.epoch, j.hwm, j.last_seen_ms,
    j.force_closed_at_ms,
    (select count(*) from leases l
      where l.journal_id = j.journal_id and l.state = ${leaseStates.active}) as lease_count,
    (select coalesce(sum(case when ${remainder} > 0 then ${remainder} else 0 end), 0) from leases l
      where l.journal_id = j.journal_id and l.state = ${leaseStates.active}) as held_nanos,
    (select count(*) from open_calls o where o.journal_id = j.journal_id) as open_calls
  from journals j`;

/** Journals of relays, for operators. */
export function createJournalDeskStore(database: Database): JournalDesk {
  const read = async (
    tail: string,
    parameters: readonly SqlValue[],
  ): Promise<readonly JournalOverview[]> =>
    (await database.query<SqlRow>(`${overviewSql} ${tail}`, parameters)).map(overviewOf);
  return {
    async list({ offset, limit, hasTotal }) {
      const order = "order by j.last_seen_ms desc, j.journal_id";
      const rows = await read(`${order}${limitOffset(limit, offset)}`, []);
      const [counted] = hasTotal
        ? await database.query<SqlRow>("select count(*) as total from journals")
        : [];
      return { rows, total: counted === undefined ? 0 : integerColumn(counted["total"]) };
    },
    find: async (journalId) => (await read("where j.journal_id = ?", [journalId]))[0],
    async listSilent(beforeMs, max) {
      const rows = await database.query<SqlRow>(
        `select j.journal_id from journals j where j.last_seen_ms < ? and exists (
           select 1 from leases l where l.journal_id = j.journal_id and l.state = ?)
         order by j.last_seen_ms${limitOffset(max)}`,
        [beforeMs, leaseStates.active],
      );
      return rows.map((row) => bytesColumn(row["journal_id"]));
    },
    async close(journalId, { epoch, atMs }, tx) {
      await tx.run("update journals set epoch = ?, force_closed_at_ms = ? where journal_id = ?", [
        epoch,
        atMs,
        journalId,
      ]);
    },
  };
}

function overviewOf(row: SqlRow): JournalOverview {
  return {
    journalId: bytesColumn(row["journal_id"]),
    nodeName: textColumn(row["node_name"]),
    build: textColumn(row["build"]),
    epoch: integerColumn(row["epoch"]),
    hwm: integerColumn(row["hwm"]),
    lastSeenMs: integerColumn(row["last_seen_ms"]),
    leaseCount: integerColumn(row["lease_count"]),
    heldNanos: moneyColumnValue(row["held_nanos"]),
    openCalls: integerColumn(row["open_calls"]),
    forceClosedAtMs: integerColumn(row["force_closed_at_ms"]),
  };
}

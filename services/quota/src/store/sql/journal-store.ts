import { integerColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { forShare, forUpdate, insertIgnore } from "@tollgate/kit/sql/sql-dialect";
import type { SqlDialect } from "@tollgate/kit/sql/sql-dialect";
import type { Journal, JournalStore } from "#usecases/money-ports.ts";
import type { Tx } from "#usecases/transaction.ts";

/** Journals in a database. */
export function createJournalStore(database: Database): JournalStore {
  const openSql = insertIgnore(database.dialect, {
    table: "journals",
    columns: ["journal_id", "epoch", "node_name", "build", "created_at_ms", "last_seen_ms"],
    rowCount: 1,
  });
  const findSql = "select epoch, hwm from journals where journal_id = ?";
  const lockSql = `${findSql}${forUpdate(database.dialect)}`;
  const shareSql = `${findSql}${forShare(database.dialect)}`;
  const advanceSql = "update journals set hwm = ?, last_seen_ms = ? where journal_id = ?";
  const read = async (sql: string, id: Uint8Array, tx?: Tx): Promise<Journal | undefined> => {
    const [row] = await database.query<SqlRow>(sql, [id], tx);
    return row === undefined ? undefined : fromRow(row);
  };
  return {
    async open({ journalId, nodeName, build, atMs }, tx) {
      await tx.run(openSql, [journalId, 0, nodeName, build, atMs, atMs]);
      const journal = await read(lockSql, journalId, tx);
      if (journal === undefined) {
        throw new Error("a journal that was just made is missing");
      }
      return journal;
    },
    async begin({ journalId, nodeName, build, atMs }, epoch, tx) {
      await tx.run(
        "update journals set epoch = ?, node_name = ?, build = ?, last_seen_ms = ? where journal_id = ?",
        [epoch, nodeName, build, atMs, journalId],
      );
    },
    find: async (journalId) => read(findSql, journalId),
    lock: async (journalId, tx) => read(lockSql, journalId, tx),
    share: async (journalId, tx) => read(shareSql, journalId, tx),
    async advance(journalId, { hwm, atMs }, tx) {
      await tx.run(advanceSql, [hwm, atMs, journalId]);
    },
    async touch(journalId, atMs) {
      await database.execute("update journals set last_seen_ms = ? where journal_id = ?", [
        atMs,
        journalId,
      ]);
    },
    async readTimeline() {
      const rows = await database.query<SqlRow>(timelineSql[database.dialect]);
      const words = rows.flatMap((row) => Object.values(row).map(String));
      return `${database.dialect}:${words.join(":")}`;
    },
  };
}

const timelineSql = {
  sqlite: "select 1 as timeline",
  // As a list, for MariaDB has no server_uuid and MySQL no server_uid.
  mysql: `show global variables where variable_name in
    ('hostname', 'port', 'server_id', 'server_uuid', 'server_uid')`,
  postgresql: "select timeline_id as timeline from pg_control_checkpoint()",
} as const satisfies Readonly<Record<SqlDialect, string>>;

function fromRow(row: SqlRow): Journal {
  return { epoch: integerColumn(row["epoch"]), hwm: integerColumn(row["hwm"]) };
}

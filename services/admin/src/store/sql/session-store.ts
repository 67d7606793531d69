import { bigintColumn, integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { insertRows } from "@tollgate/kit/sql/sql-dialect";
import type { SessionRecord, SessionStore } from "#auth/session-store.ts";

const table = "admin_sessions";

const columns = [
  "hash",
  "user_id",
  "created_at",
  "last_seen_at",
  "expires_at",
  "session_version",
] as const;

/** Sessions in the database. */
export function createSessionStore(database: Database): SessionStore {
  return {
    async insert(session) {
      await database.execute(insertRows({ table, columns, rowCount: 1 }), [
        session.hash,
        session.userId,
        session.createdAt,
        session.lastSeenAt,
        session.expiresAt,
        session.sessionVersion,
      ]);
    },
    async find(hash) {
      const [row] = await database.query<SqlRow>(
        `select ${columns.join(", ")} from ${table} where hash = ?`,
        [hash],
      );
      return row === undefined ? undefined : fromRow(row);
    },
    async touch(hash, lastSeenAt) {
      await database.execute(`update ${table} set last_seen_at = ? where hash = ?`, [
        lastSeenAt,
        hash,
      ]);
    },
    async remove(hash) {
      await database.execute(`delete from ${table} where hash = ?`, [hash]);
    },
    async removeOfUser(userId) {
      await database.execute(`delete from ${table} where user_id = ?`, [userId]);
    },
    async removeStale({ expiresBefore, seenBefore }) {
      await database.execute(`delete from ${table} where expires_at < ? or last_seen_at < ?`, [
        expiresBefore,
        seenBefore,
      ]);
    },
  };
}

function fromRow(row: SqlRow): SessionRecord {
  return {
    hash: textColumn(row["hash"]),
    userId: bigintColumn(row["user_id"]),
    createdAt: integerColumn(row["created_at"]),
    lastSeenAt: integerColumn(row["last_seen_at"]),
    expiresAt: integerColumn(row["expires_at"]),
    sessionVersion: integerColumn(row["session_version"]),
  };
}

import { bigintColumn, integerColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow, SqlValue } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import { firstIdAt } from "#domain/log-entry.ts";
import type { Difference, UserSums } from "#usecases/reconcile/reconcile-ports.ts";
import { leaseStates } from "./lease-store.ts";

const remainder = "l.granted_nanos - l.settled_nanos - l.returned_nanos";

const heldSums = (marks: string): string =>
  `select l.user_id, sum(case when ${remainder} > 0 then ${remainder} else 0 end) as total
   from leases l where l.state = ${leaseStates.active} and l.user_id in (${marks}) group by l.user_id`;

const postedSums = (marks: string): string =>
  `select e.user_id, sum(e.amount_nanos) as total
   from ledger_entries e where e.user_id in (${marks}) group by e.user_id`;

/** Sums per user, in a database. */
export function createUserSums(database: Database): UserSums {
  const listIds = async (
    sql: string,
    parameters: readonly SqlValue[],
  ): Promise<readonly number[]> =>
    (await database.query<SqlRow>(sql, parameters)).map((row) => integerColumn(row["user_id"]));

  async function compare(
    column: "held_nanos" | "posted_nanos",
    userIds: readonly number[],
    sums: (marks: string) => string,
  ): Promise<readonly Difference[]> {
    const marks = userIds.map(() => "?").join(", ");
    const rows = await database.query<SqlRow>(
      `select w.user_id, w.${column} - coalesce(s.total, 0) as difference
       from wallets w left join (${sums(marks)}) s on s.user_id = w.user_id
       where w.user_id in (${marks}) and w.${column} <> coalesce(s.total, 0)
       order by w.user_id`,
      [...userIds, ...userIds],
    );
    return rows.map((row) => ({
      userId: integerColumn(row["user_id"]),
      differenceNanos: bigintColumn(row["difference"]),
    }));
  }

  return {
    listUsers: async (afterId, max) =>
      listIds(`select user_id from wallets where user_id > ? order by user_id${limitOffset(max)}`, [
        afterId,
      ]),
    listTouched: async (sinceMs, afterId, max) =>
      listIds(
        `select user_id from (
           select t.user_id from ledger_tx t where t.tx_id >= ? and t.user_id > ?
           union select o.user_id from leases o
             where o.closed_at_ms = 0 and o.created_at_ms >= ? and o.user_id > ?
           union select c.user_id from leases c where c.closed_at_ms >= ? and c.user_id > ?
         ) touched order by user_id${limitOffset(max)}`,
        // Time 0 means "open" in the last part.
        [firstIdAt(sinceMs), afterId, sinceMs, afterId, Math.max(1, sinceMs), afterId],
      ),
    compareHeld: async (userIds) => compare("held_nanos", userIds, heldSums),
    comparePosted: async (userIds) => compare("posted_nanos", userIds, postedSums),
  };
}

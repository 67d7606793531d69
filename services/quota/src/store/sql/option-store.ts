import type { Clock } from "@tollgate/kit/clock/clock";
import { integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { forUpdate } from "@tollgate/kit/sql/sql-dialect";
import type { OptionStore } from "#usecases/identity/identity-ports.ts";

/** Options in SQL. */
export function createOptionStore(database: Database, clock: Pick<Clock, "nowMs">): OptionStore {
  return {
    readAll: async (tx) => {
      const rows = await database.query<SqlRow>(
        "select option_key, value, revision from options",
        [],
        tx,
      );
      const revisions = rows.map((row) => integerColumn(row["revision"]));
      return {
        revision: Math.max(0, ...revisions),
        values: new Map(
          rows.map((row) => [textColumn(row["option_key"]), textColumn(row["value"])]),
        ),
      };
    },
    readRevision: async () => {
      const [row] = await database.query<SqlRow>(
        "select coalesce(max(revision), 0) as revision from options",
      );
      return integerColumn(row?.["revision"]);
    },
    write: async ({ key, value, actorId }, tx) => {
      // Locks the table's rows, so that revisions grow and price books see every option that was set before.
      const rows = await database.query<SqlRow>(
        `select option_key, revision from options${forUpdate(database.dialect)}`,
        [],
        tx,
      );
      const revision = 1 + Math.max(0, ...rows.map((row) => integerColumn(row["revision"])));
      const changedAt = Math.floor(clock.nowMs() / 1000);
      const isStored = rows.some((row) => row["option_key"] === key);
      await (isStored
        ? database.execute(
            "update options set value = ?, revision = ?, changed_at = ?, actor_id = ? where option_key = ?",
            [value, revision, changedAt, actorId, key],
            tx,
          )
        : database.execute(
            "insert into options (value, revision, changed_at, actor_id, option_key) values (?, ?, ?, ?, ?)",
            [value, revision, changedAt, actorId, key],
            tx,
          ));
    },
  };
}

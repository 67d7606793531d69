import type { Clock } from "@tollgate/kit/clock/clock";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { bytesColumn, integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { insertRows, limitOffset } from "@tollgate/kit/sql/sql-dialect";
import { activityNumbers, firstIdAt } from "#domain/log-entry.ts";
import type { Activity, ActivityKind } from "#domain/log-entry.ts";
import type { ActivityStore } from "#usecases/identity/identity-ports.ts";

/** The columns that {@link activityFromRow} reads. */
export const activityColumns =
  "id, kind, user_id, username, content, channel_id, model, duration_ms";

const insertSql = insertRows({
  table: "activity_log",
  columns: activityColumns.split(", "),
  rowCount: 1,
});

/** Activity in SQL. */
export function createActivityStore(
  database: Database,
  clock: Pick<Clock, "nowMs">,
): ActivityStore {
  return {
    append: async (activity, tx) => {
      const id = uuidV7Bytes(clock.nowMs());
      const [owner] = await database.query<SqlRow>(
        "select username from users where id = ?",
        [activity.userId],
        tx,
      );
      const username = owner === undefined ? "" : textColumn(owner["username"]);
      const { kind, userId, content, channelId, model, durationMs } = activity;
      const values = [
        id,
        activityNumbers[kind],
        userId,
        username,
        content,
        channelId,
        model,
        durationMs,
      ];
      await database.execute(insertSql, values, tx);
      return { ...activity, id, username };
    },
    removeBefore: async (beforeMs, max) => {
      const ids = await database.query<SqlRow>(
        `select id from activity_log where id < ? order by id${limitOffset(max)}`,
        [firstIdAt(beforeMs)],
      );
      const last = ids.at(-1);
      if (last === undefined) {
        return 0;
      }
      const { affectedRows } = await database.execute("delete from activity_log where id <= ?", [
        bytesColumn(last["id"]),
      ]);
      return affectedRows;
    },
  };
}

/** Reads {@link activityColumns}. */
export function activityFromRow(row: SqlRow): Activity {
  return {
    id: bytesColumn(row["id"]),
    kind: kindFromNumber(integerColumn(row["kind"])),
    userId: integerColumn(row["user_id"]),
    username: textColumn(row["username"]),
    content: textColumn(row["content"]),
    channelId: integerColumn(row["channel_id"]),
    model: textColumn(row["model"]),
    durationMs: integerColumn(row["duration_ms"]),
  };
}

function kindFromNumber(number: number): ActivityKind {
  switch (number) {
    case activityNumbers["top-up"]:
      return "top-up";
    case activityNumbers.manage:
      return "manage";
    case activityNumbers.system:
      return "system";
    case activityNumbers.test:
      return "test";
    default:
      throw new TypeError(`unknown kind of activity ${number}`);
  }
}

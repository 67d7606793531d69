import { integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import type { ChannelCostStore } from "#usecases/money-ports.ts";
import { insertMany } from "./insert-many.ts";

const insertCosts = insertMany({
  table: "channel_costs",
  columns: ["channel_id", "model", "multiplier_ppm", "vector", "updated_at_ms", "actor_id"],
});

/** What channels charge us, in a database. */
export function createChannelCostStore(database: Database): ChannelCostStore {
  return {
    async readAll() {
      const rows = await database.query<SqlRow>(
        "select channel_id, model, multiplier_ppm, vector from channel_costs order by channel_id, model",
      );
      return rows.map((row) => ({
        channelId: integerColumn(row["channel_id"]),
        model: textColumn(row["model"]),
        multiplierPpm: integerColumn(row["multiplier_ppm"]),
        priceJson: textColumn(row["vector"]),
      }));
    },
    async replace({ channelId, costs, actorId, nowMs }, tx) {
      await tx.run("delete from channel_costs where channel_id = ?", [channelId]);
      await insertCosts(
        tx,
        costs.map(({ model, multiplierPpm, priceJson }) => [
          channelId,
          model,
          multiplierPpm,
          priceJson,
          nowMs,
          actorId,
        ]),
      );
    },
  };
}

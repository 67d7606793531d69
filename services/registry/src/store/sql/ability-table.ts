import type { Database, Transaction } from "@tollgate/kit/sql/database";
import { insertRows, insertRowsMax } from "@tollgate/kit/sql/sql-dialect";
import { abilitiesOf } from "#domain/ability.ts";
import type { ChannelSettings } from "#domain/channel.ts";
import { placeholders } from "./placeholders.ts";

const columns = ["channel_id", "group_name", "model"] as const;

/** The rows of the abilities table, always changed in the transaction that changes their channels. */
export interface AbilityTable {
  readonly replace: (
    tx: Transaction,
    channelId: number,
    settings: Pick<ChannelSettings, "groups" | "models">,
  ) => Promise<void>;
  /** Gives channels the abilities that another one has; the database does the work. */
  readonly copy: (
    tx: Transaction,
    fromChannelId: number,
    channelIds: readonly number[],
  ) => Promise<void>;
  readonly remove: (tx: Transaction, channelIds: readonly number[]) => Promise<void>;
}

/** Makes the table over a database. */
export function createAbilityTable(database: Database): AbilityTable {
  const remove: AbilityTable["remove"] = async (tx, ids) => {
    await database.execute(
      `delete from registry_abilities where channel_id in (${placeholders(ids.length)})`,
      ids,
      tx,
    );
  };
  return {
    replace: async (tx, id, settings) => {
      await remove(tx, [id]);
      const rows = abilitiesOf(settings);
      for (let from = 0; from < rows.length; from += insertRowsMax) {
        const batch = rows.slice(from, from + insertRowsMax);
        const shape = { table: "registry_abilities", columns, rowCount: batch.length };
        const values = batch.flatMap(({ group, model }) => [id, group, model]);
        await database.execute(insertRows(shape), values, tx);
      }
    },
    copy: async (tx, fromId, ids) => {
      for (const id of ids) {
        await database.execute(
          "insert into registry_abilities (channel_id, group_name, model) " +
            "select ?, group_name, model from registry_abilities where channel_id = ?",
          [id, fromId],
          tx,
        );
      }
    },
    remove,
  };
}

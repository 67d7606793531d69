import type { Database, Transaction } from "@tollgate/kit/sql/database";
import { bigintColumn, integerColumn } from "@tollgate/kit/sql/column-value";
import type { SqlRow } from "@tollgate/kit/sql/sql-session";

/** The counters after they were raised. */
export interface RaisedState {
  readonly version: bigint;
  readonly lastChannelId: number;
}

/**
 * Raises the version by one and takes `newChannels` ids. It must be the first statement of a transaction that changes what relays
 * know: the row stays locked until the commit, so versions are committed in their order and a reader never misses one.
 */
export async function raiseVersion(
  database: Database,
  tx: Transaction,
  newChannels = 0,
): Promise<RaisedState> {
  await database.execute(
    "update registry_state set version = version + 1, last_channel_id = last_channel_id + ? where id = 1",
    [newChannels],
    tx,
  );
  const [row] = await database.query<SqlRow>(
    "select version, last_channel_id from registry_state where id = 1",
    [],
    tx,
  );
  return {
    version: bigintColumn(row?.["version"]),
    lastChannelId: integerColumn(row?.["last_channel_id"]),
  };
}

import type { Database } from "@tollgate/kit/sql/database";
import { bigintColumn, integerColumn } from "@tollgate/kit/sql/column-value";
import type { SqlRow } from "@tollgate/kit/sql/sql-session";
import type { RoutedChannel } from "#domain/channel.ts";
import type { RoutingStore } from "#usecases/ports.ts";
import type { CredentialSeal } from "./credential-seal.ts";
import { readOptionValues } from "./option-store.ts";
import { routedChannelFromRow } from "./row.ts";

// Each page is decoded without a pause; a page of this size keeps that to a few milliseconds.
const pageRows = 200;

/** The persisted side of the snapshot in the database. */
export function createRoutingStore(database: Database, seal: CredentialSeal): RoutingStore {
  const readVersion = async (): Promise<bigint> => {
    const [row] = await database.query<SqlRow>(
      "select version from registry_state where id = 1",
      [],
    );
    return bigintColumn(row?.["version"]);
  };
  return {
    readVersion,
    readChanges: async (since) => {
      // First the version: what is committed after this moment is seen again with the next version.
      const version = await readVersion();
      const channels = await readChannels({ database, seal }, since);
      const removed = await database.query<SqlRow>(
        "select channel_id from registry_removals where routed_version > ?",
        [since],
      );
      const options = await readOptionValues(database);
      return {
        version,
        channels,
        removedIds: removed.map((row) => integerColumn(row["channel_id"])),
        options,
      };
    },
  };
}

async function readChannels(
  { database, seal }: { readonly database: Database; readonly seal: CredentialSeal },
  since: bigint,
): Promise<readonly RoutedChannel[]> {
  const channels: RoutedChannel[] = [];
  const shared = createSharedLists();
  for (let afterId = 0; ;) {
    const rows = await database.query<SqlRow>(
      `select * from registry_channels where routed_version > ? and id > ? order by id limit ${pageRows}`,
      [since, afterId],
    );
    for (const row of rows) {
      const channel = routedChannelFromRow(row, seal);
      channels.push({ ...channel, models: shared(channel.models), groups: shared(channel.groups) });
    }
    const last = channels.at(-1);
    if (rows.length < pageRows || last === undefined) {
      return channels;
    }
    afterId = last.id;
  }
}

/** Many channels have the same models; one list in memory serves them all. */
function createSharedLists(): (names: readonly string[]) => readonly string[] {
  const lists = new Map<string, readonly string[]>();
  return (names) => {
    const key = names.join("\n");
    const known = lists.get(key);
    if (known !== undefined) {
      return known;
    }
    lists.set(key, names);
    return names;
  };
}

import type { Database, Transaction } from "@tollgate/kit/sql/database";
import { integerColumn } from "@tollgate/kit/sql/column-value";
import type { SqlRow } from "@tollgate/kit/sql/sql-session";
import { forUpdate, insertRows, insertRowsMax } from "@tollgate/kit/sql/sql-dialect";
import type { ChannelSettings, NewChannel } from "#domain/channel.ts";
import type { ChannelStore, StoredChange } from "#usecases/ports.ts";
import { createAbilityTable } from "./ability-table.ts";
import type { AbilityTable } from "./ability-table.ts";
import { orderOf, whereOf } from "./channel-query.ts";
import type { CredentialSeal } from "./credential-seal.ts";
import { placeholders } from "./placeholders.ts";
import { raiseVersion } from "./routed-version.ts";
import {
  channelFromRow,
  credentialColumns,
  credentialToRow,
  settingsColumns,
  settingsFromRow,
  settingsToRow,
  statusToRow,
} from "./row.ts";

interface StoreParts {
  readonly database: Database;
  readonly seal: CredentialSeal;
  readonly abilities: AbilityTable;
}

/** Channels in the database. */
export function createChannelStore(database: Database, seal: CredentialSeal): ChannelStore {
  const parts: StoreParts = { database, seal, abilities: createAbilityTable(database) };
  return {
    insert: async (channels, nowSeconds) =>
      database.transaction(async (tx) => insertChannels(parts, tx, { channels, nowSeconds })),
    find: async (id) => {
      const [row] = await database.query<SqlRow>("select * from registry_channels where id = ?", [
        id,
      ]);
      return row === undefined ? undefined : channelFromRow(row, seal);
    },
    list: async (query) => {
      const where = whereOf(query, seal);
      const sql = `select c.* from registry_channels c${where.sql}${orderOf(query)}`;
      const rows = await database.query<SqlRow>(sql, where.parameters);
      return { channels: rows.map((row) => channelFromRow(row, seal)) };
    },
    count: async (query) => {
      const where = whereOf(query, seal);
      const sql = `select count(*) as matching from registry_channels c${where.sql}`;
      const [row] = await database.query<SqlRow>(sql, where.parameters);
      return integerColumn(row?.["matching"]);
    },
    update: async (ids, change) =>
      database.transaction(async (tx) => updateChannels(parts, tx, { ids, change })),
    remove: async (ids) => database.transaction(async (tx) => removeChannels(parts, tx, ids)),
    removeDisabled: async () => database.transaction(async (tx) => removeDisabled(parts, tx)),
    ...healthWrites(database),
  };
}

async function insertChannels(
  { database, seal, abilities }: StoreParts,
  tx: Transaction,
  { channels, nowSeconds }: { channels: readonly NewChannel[]; nowSeconds: number },
): Promise<{ ids: readonly number[]; knownCredentials: number }> {
  const { version, lastChannelId } = await raiseVersion(database, tx, channels.length);
  const ids = channels.map((_, index) => lastChannelId - channels.length + 1 + index);
  const knownCredentials = await countKnownCredentials({ database, seal }, tx, channels);
  const zeroes = [
    "response_time_ms",
    "test_time",
    "balance_nanos",
    "balance_updated_at",
    "used_nanos",
  ];
  const columns = [
    "id",
    "status_reason",
    "created_at",
    "routed_version",
    ...settingsColumns,
    ...credentialColumns,
    ...zeroes,
  ];
  const rowsPerInsert = 50;
  for (let from = 0; from < channels.length; from += rowsPerInsert) {
    const batch = channels.slice(from, from + rowsPerInsert);
    const values = batch.flatMap(({ settings, credential }, index) => {
      const id = ids[from + index] ?? 0;
      return [
        id,
        "",
        nowSeconds,
        version,
        ...settingsToRow(id, settings, seal),
        ...credentialToRow(id, credential, seal),
        ...zeroes.map(() => 0),
      ];
    });
    const shape = { table: "registry_channels", columns, rowCount: batch.length };
    await database.execute(insertRows(shape), values, tx);
  }
  const [firstId, ...otherIds] = ids;
  const [first] = channels;
  if (firstId !== undefined && first !== undefined) {
    // Channels of one draft differ in name and credential only.
    await abilities.replace(tx, firstId, first.settings);
    await abilities.copy(tx, firstId, otherIds);
  }
  return { ids, knownCredentials };
}

async function countKnownCredentials(
  { database, seal }: Pick<StoreParts, "database" | "seal">,
  tx: Transaction,
  channels: readonly NewChannel[],
): Promise<number> {
  const fingerprints = channels
    .filter(({ credential }) => credential !== "")
    .map(({ credential }) => seal.fingerprint(credential));
  let known = fingerprints.length - new Set(fingerprints).size;
  for (let from = 0; from < fingerprints.length; from += insertRowsMax) {
    const batch = fingerprints.slice(from, from + insertRowsMax);
    const [row] = await database.query<SqlRow>(
      `select count(distinct credential_fingerprint) as known from registry_channels where credential_fingerprint in (${placeholders(batch.length)})`,
      batch,
      tx,
    );
    known += integerColumn(row?.["known"]);
  }
  return known;
}

interface Update {
  readonly ids: readonly number[];
  readonly change: (present: ChannelSettings) => StoredChange;
}

async function updateChannels(
  parts: StoreParts,
  tx: Transaction,
  { ids, change }: Update,
): Promise<number> {
  if (ids.length === 0) {
    return 0;
  }
  const { database, seal } = parts;
  const { version } = await raiseVersion(database, tx);
  const rows = await database.query<SqlRow>(
    `select * from registry_channels where id in (${placeholders(ids.length)})${forUpdate(database.dialect)}`,
    ids,
    tx,
  );
  for (const row of rows) {
    const id = integerColumn(row["id"]);
    const present = settingsFromRow(row, seal);
    await updateChannel(parts, tx, { id, version, present, change: change(present) });
  }
  return rows.length;
}

interface SingleUpdate {
  readonly id: number;
  readonly version: bigint;
  readonly present: ChannelSettings;
  readonly change: StoredChange;
}

async function updateChannel(
  { database, seal, abilities }: StoreParts,
  tx: Transaction,
  { id, version, present, change }: SingleUpdate,
): Promise<void> {
  const { settings, credential } = change;
  const columns = [
    "routed_version",
    ...settingsColumns,
    ...(credential === undefined ? [] : credentialColumns),
    ...(settings.status === present.status ? [] : ["status_reason"]),
  ];
  const values = [
    version,
    ...settingsToRow(id, settings, seal),
    ...(credential === undefined ? [] : credentialToRow(id, credential, seal)),
    ...(settings.status === present.status ? [] : [""]),
  ];
  await database.execute(
    `update registry_channels set ${columns.map((column) => `${column} = ?`).join(", ")} where id = ?`,
    [...values, id],
    tx,
  );
  if (
    !isSameList(present.models, settings.models) ||
    !isSameList(present.groups, settings.groups)
  ) {
    await abilities.replace(tx, id, settings);
  }
}

async function removeChannels(
  { database, abilities }: StoreParts,
  tx: Transaction,
  wanted: readonly number[],
): Promise<number> {
  if (wanted.length === 0) {
    return 0;
  }
  const { version } = await raiseVersion(database, tx);
  const rows = await database.query<SqlRow>(
    `select id from registry_channels where id in (${placeholders(wanted.length)})`,
    wanted,
    tx,
  );
  const ids = rows.map((row) => integerColumn(row["id"]));
  if (ids.length === 0) {
    return 0;
  }
  await abilities.remove(tx, ids);
  await database.execute(
    `delete from registry_channels where id in (${placeholders(ids.length)})`,
    ids,
    tx,
  );
  for (let from = 0; from < ids.length; from += insertRowsMax) {
    const batch = ids.slice(from, from + insertRowsMax);
    const columns = ["channel_id", "routed_version"];
    const shape = { table: "registry_removals", columns, rowCount: batch.length };
    const values = batch.flatMap((id) => [id, version]);
    await database.execute(insertRows(shape), values, tx);
  }
  return ids.length;
}

async function removeDisabled(parts: StoreParts, tx: Transaction): Promise<number> {
  // Takes the lock first: nobody switches one of them on between the look and the removal.
  await raiseVersion(parts.database, tx);
  let removed = 0;
  for (;;) {
    const rows = await parts.database.query<SqlRow>(
      `select id from registry_channels where status <> ? limit ${insertRowsMax}`,
      [statusToRow("enabled")],
      tx,
    );
    if (rows.length === 0) {
      return removed;
    }
    const ids = rows.map((row) => integerColumn(row["id"]));
    removed += await removeChannels(parts, tx, ids);
  }
}

type HealthWrites = Pick<ChannelStore, "switchStatus" | "recordTest" | "recordBalance" | "addUsed">;

function healthWrites(database: Database): HealthWrites {
  const updateOne = async (sql: string, values: readonly (number | bigint)[]): Promise<boolean> =>
    (await database.execute(`update registry_channels set ${sql} where id = ?`, values))
      .affectedRows > 0;
  return {
    switchStatus: async ({ id, from, to, reason }) =>
      database.transaction(async (tx) => {
        const { version } = await raiseVersion(database, tx);
        const { affectedRows } = await database.execute(
          "update registry_channels set status = ?, status_reason = ?, routed_version = ? where id = ? and status = ?",
          [statusToRow(to), reason, version, id, statusToRow(from)],
          tx,
        );
        return affectedRows > 0;
      }),
    recordTest: async (id, responseTimeMs, nowSeconds) =>
      updateOne("response_time_ms = ?, test_time = ?", [responseTimeMs, nowSeconds, id]),
    recordBalance: async (id, balanceNanos, nowSeconds) =>
      updateOne("balance_nanos = ?, balance_updated_at = ?", [balanceNanos, nowSeconds, id]),
    addUsed: async (nanosById) =>
      database.transaction(async (tx) => {
        // In the order of ids, so that two replicas never wait for each other in a circle.
        const sorted = [...nanosById].toSorted(([left], [right]) => left - right);
        for (const [id, nanos] of sorted) {
          const sql = "update registry_channels set used_nanos = used_nanos + ? where id = ?";
          await database.execute(sql, [nanos, id], tx);
        }
      }),
  };
}

function isSameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

import {
  booleanColumn,
  integerColumn,
  moneyColumnValue,
  textColumn,
} from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow, SqlValue } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import type { ApiKey, KeyStatus } from "#domain/api-key.ts";
import type { ListPage, Page } from "#domain/list-range.ts";
import type {
  FoundKey,
  KeyFilter,
  KeyPatch,
  KeyStore,
  keySorts,
  NewKey,
} from "#usecases/identity/identity-ports.ts";
import type { Tx } from "#usecases/transaction.ts";
import { insertReturningId } from "./insert-returning-id.ts";
import { allOf, prefixOf } from "./sql-condition.ts";
import type { SqlCondition } from "./sql-condition.ts";
import { statusFromNumber } from "./user-store.ts";

type KeySort = (typeof keySorts)[number];

const enabled = 1;
const disabled = 2;

const columns = `k.id, k.user_id, k.name, k.status, k.hint, k.created_at, k.expires_at, k.models,
  k.subnets, k.secret_hash, c.is_capped, c.cap_nanos, c.used_nanos, c.accessed_at`;
const tables = "api_keys k join key_caps c on c.key_id = k.id";
// The largest a column can hold: a key without a cap has more left than any other.
const remainingSql =
  "case when c.is_capped = true then c.cap_nanos - c.used_nanos else 9223372036854775807 end";

/** Keys in SQL, with the counters of their caps. */
export function createKeyStore(database: Database): KeyStore {
  return {
    insert: async (key, tx) => insertKey(database, key, tx),
    setSealedSecret: async (id, sealed, tx) => {
      await database.execute(
        "update api_keys set secret_sealed = ? where id = ?",
        [sealed, id],
        tx,
      );
    },
    update: async (id, patch, tx) => updateKey(database, { id, patch }, tx),
    remove: async (id, tx) => {
      await database.execute("delete from api_keys where id = ?", [id], tx);
    },
    find: async ({ id, userId }, tx) => {
      const where = userId === undefined ? "k.id = ?" : "k.id = ? and k.user_id = ?";
      const sql = `select ${columns} from ${tables} where ${where}`;
      const parameters = userId === undefined ? [id] : [id, userId];
      const [row] = await database.query<SqlRow>(sql, parameters, tx);
      return row === undefined ? undefined : keyFromRow(row);
    },
    findBySecretHashes: async (hashes, tx) => findByHashes(database, hashes, tx),
    countOf: async (userId, max, tx) => {
      const sql = `select count(*) as total from
        (select id from api_keys where user_id = ?${limitOffset(max)}) counted`;
      const [row] = await database.query<SqlRow>(sql, [userId], tx);
      return integerColumn(row?.["total"]);
    },
    readSealedSecrets: async (userId, ids) => {
      const marks = ids.map(() => "?").join(", ");
      const sql = `select id, secret_sealed from api_keys where user_id = ? and id in (${marks})`;
      const rows = await database.query<SqlRow>(sql, [userId, ...ids]);
      return new Map(
        rows.map((row) => [integerColumn(row["id"]), textColumn(row["secret_sealed"])]),
      );
    },
    list: async (filter, page) => listKeys(database, filter, page),
  };
}

async function insertKey(database: Database, key: NewKey, tx: Tx): Promise<number> {
  const values: Readonly<Record<string, SqlValue>> = {
    user_id: key.userId,
    name: key.name,
    status: enabled,
    secret_hash: key.secretHash,
    secret_sealed: "",
    hint: key.hint,
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    models: JSON.stringify(key.models),
    subnets: JSON.stringify(key.subnets),
  };
  return insertReturningId(database, { table: "api_keys", values }, tx);
}

async function updateKey(
  database: Database,
  { id, patch }: { readonly id: number; readonly patch: KeyPatch },
  tx: Tx,
): Promise<void> {
  const values: Readonly<Record<string, SqlValue>> = {
    ...(patch.status !== undefined && { status: patch.status === "enabled" ? enabled : disabled }),
    ...(patch.name !== undefined && { name: patch.name }),
    ...(patch.expiresAt !== undefined && { expires_at: patch.expiresAt }),
    ...(patch.models !== undefined && { models: JSON.stringify(patch.models) }),
    ...(patch.subnets !== undefined && { subnets: JSON.stringify(patch.subnets) }),
  };
  const sets = Object.keys(values).map((column) => `${column} = ?`);
  if (sets.length > 0) {
    const sql = `update api_keys set ${sets.join(", ")} where id = ?`;
    await database.execute(sql, [...Object.values(values), id], tx);
  }
}

async function findByHashes(
  database: Database,
  hashes: readonly string[],
  tx?: Tx,
): Promise<readonly FoundKey[]> {
  const marks = hashes.map(() => "?").join(", ");
  const sql = `select ${columns}, u.role as owner_role, u.user_group as owner_group,
    u.status as owner_status, u.is_strict as owner_is_strict from ${tables} join users u on u.id = k.user_id
    where k.secret_hash in (${marks})`;
  const rows = await database.query<SqlRow>(sql, hashes, tx);
  return rows.map((row) => ({
    secretHash: textColumn(row["secret_hash"]),
    key: keyFromRow(row),
    owner: {
      role: integerColumn(row["owner_role"]),
      group: textColumn(row["owner_group"]),
      status: statusFromNumber(integerColumn(row["owner_status"])),
      isStrict: booleanColumn(row["owner_is_strict"]),
    },
  }));
}

async function listKeys(
  database: Database,
  filter: KeyFilter,
  page: ListPage<KeySort>,
): Promise<Page<ApiKey>> {
  const where = allOf([
    filter.userId !== undefined && { sql: "k.user_id = ?", parameters: [filter.userId] },
    filter.status !== undefined && statusCondition(filter.status, filter.nowSeconds),
    page.keyword !== "" && prefixOf(database.dialect, "k.name", page.keyword),
  ]);
  const direction = page.isDescending ? "desc" : "asc";
  const order = orderOf(page.sort, filter.nowSeconds);
  const orders = order === undefined ? "" : `${order.sql} ${direction}, `;
  const rows = await database.query<SqlRow>(
    `select ${columns} from ${tables} where ${where.sql}
     order by ${orders}k.id ${direction}${limitOffset(page.limit, page.offset)}`,
    [...where.parameters, ...(order?.parameters ?? [])],
  );
  return {
    rows: rows.map(keyFromRow),
    total: page.hasTotal ? await countKeys(database, where) : 0,
  };
}

async function countKeys(database: Database, where: SqlCondition): Promise<number> {
  const sql = `select count(*) as total from ${tables} where ${where.sql}`;
  const [row] = await database.query<SqlRow>(sql, where.parameters);
  return integerColumn(row?.["total"]);
}

function statusCondition(status: KeyStatus, nowSeconds: number): SqlCondition {
  const isExpired = "(k.expires_at <> -1 and k.expires_at < ?)";
  const isExhausted = "(c.is_capped = true and c.used_nanos >= c.cap_nanos)";
  switch (status) {
    case "disabled":
      return { sql: "k.status = ?", parameters: [disabled] };
    case "expired":
      return { sql: `k.status = ? and ${isExpired}`, parameters: [enabled, nowSeconds] };
    case "exhausted":
      return {
        sql: `k.status = ? and not ${isExpired} and ${isExhausted}`,
        parameters: [enabled, nowSeconds],
      };
    case "enabled":
      return {
        sql: `k.status = ? and not ${isExpired} and not ${isExhausted}`,
        parameters: [enabled, nowSeconds],
      };
  }
}

function orderOf(sort: KeySort | undefined, nowSeconds: number): SqlCondition | undefined {
  switch (sort) {
    case undefined:
    // Ids are given in the order of creation.
    case "created_at":
      return undefined;
    case "name":
      return { sql: "k.name", parameters: [] };
    case "accessed_at":
      return { sql: "c.accessed_at", parameters: [] };
    case "expires_at":
      // Never is later than any moment.
      return {
        sql: "case when k.expires_at = -1 then 9223372036854775807 else k.expires_at end",
        parameters: [],
      };
    case "used_nanos":
      return { sql: "c.used_nanos", parameters: [] };
    case "remaining_nanos":
      return { sql: remainingSql, parameters: [] };
    case "status":
      return {
        sql: `case when k.status = 2 then 2 when k.expires_at <> -1 and k.expires_at < ? then 3
          when c.is_capped = true and c.used_nanos >= c.cap_nanos then 4 else 1 end`,
        parameters: [nowSeconds],
      };
  }
}

function keyFromRow(row: SqlRow): ApiKey {
  return {
    id: integerColumn(row["id"]),
    userId: integerColumn(row["user_id"]),
    name: textColumn(row["name"]),
    storedStatus: integerColumn(row["status"]) === enabled ? "enabled" : "disabled",
    hint: textColumn(row["hint"]),
    createdAt: integerColumn(row["created_at"]),
    accessedAt: integerColumn(row["accessed_at"]),
    expiresAt: integerColumn(row["expires_at"]),
    isUnlimited: !booleanColumn(row["is_capped"]),
    capNanos: moneyColumnValue(row["cap_nanos"]),
    usedNanos: moneyColumnValue(row["used_nanos"]),
    models: textsFromJson(textColumn(row["models"])),
    subnets: textsFromJson(textColumn(row["subnets"])),
  };
}

function textsFromJson(json: string): readonly string[] {
  const parsed: unknown = JSON.parse(json);
  if (!Array.isArray(parsed)) {
    throw new TypeError("the column does not hold a list");
  }
  return parsed.map(textColumn);
}

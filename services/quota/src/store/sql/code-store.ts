import {
  bytesColumn,
  integerColumn,
  moneyColumnValue,
  textColumn,
} from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow, SqlValue } from "@tollgate/kit/sql/database";
import { forUpdate, limitOffset } from "@tollgate/kit/sql/sql-dialect";
import type { ListPage, Page } from "#domain/list-range.ts";
import type { CodeStatus, StoredCodeStatus } from "#domain/redemption-code.ts";
import type {
  CodeFilter,
  CodePatch,
  codeSorts,
  CodeStore,
  StoredCode,
} from "#usecases/payments/payment-ports.ts";
import type { Tx } from "#usecases/transaction.ts";
import { insertMany } from "./insert-many.ts";
import { allOf, anyOf, prefixOf } from "./sql-condition.ts";
import type { SqlCondition } from "./sql-condition.ts";

/** One API's numbers. */
const statusNumbers = Object.freeze({ enabled: 1, disabled: 2, used: 3 }) satisfies Readonly<
  Record<StoredCodeStatus, number>
>;

const select = `select c.id, c.batch_id, c.creator_id, c.name, c.code_hash, c.code_sealed, c.status,
    c.amount_nanos, c.credit_seconds, c.created_at, c.expires_at, c.redeemed_at, c.redeemer_id,
    coalesce(u.username, '') as redeemer_name
  from redemption_codes c left join users u on u.id = c.redeemer_id`;

const sortColumns = Object.freeze({
  id: "c.id",
  name: "c.name",
  amount_nanos: "c.amount_nanos",
  // Ids are given in the order of creation.
  created_at: "c.id",
  redeemed_at: "c.redeemed_at",
  expires_at: "c.expires_at",
}) satisfies Readonly<Record<(typeof codeSorts)[number], string>>;

const insertCodes = insertMany({
  table: "redemption_codes",
  columns: [
    "batch_id",
    "creator_id",
    "name",
    "code_hash",
    "code_sealed",
    "status",
    "amount_nanos",
    "credit_seconds",
    "created_at",
    "expires_at",
  ],
});

/** Redemption codes in a database. */
export function createCodeStore(database: Database): CodeStore {
  // Only the code's own row: an outer join cannot be locked everywhere, and the redeemer's row is not ours to lock.
  const lockRow = async (where: string, value: SqlValue, tx: Tx): Promise<number | undefined> => {
    const sql = `select id from redemption_codes where ${where}${forUpdate(database.dialect)}`;
    const [row] = await database.query<SqlRow>(sql, [value], tx);
    return row === undefined ? undefined : integerColumn(row["id"]);
  };
  const find = async (id: number, tx?: Tx): Promise<StoredCode | undefined> => {
    const [row] = await database.query<SqlRow>(`${select} where c.id = ?`, [id], tx);
    return row === undefined ? undefined : fromRow(row);
  };
  const lock = async (where: string, value: SqlValue, tx: Tx): Promise<StoredCode | undefined> => {
    const id = await lockRow(where, value, tx);
    return id === undefined ? undefined : find(id, tx);
  };
  return {
    insert: async ({ secrets, ...shared }, tx) => {
      await insertCodes(
        tx,
        secrets.map(({ hash, sealed }) => [
          shared.batchId,
          shared.creatorId,
          shared.name,
          hash,
          sealed,
          statusNumbers.enabled,
          shared.amountNanos,
          shared.creditSeconds,
          shared.createdAt,
          shared.expiresAt,
        ]),
      );
    },
    update: async (id, patch, tx) => updateCode(id, patch, tx),
    remove: async (id, tx) =>
      void (await tx.run("delete from redemption_codes where id = ?", [id])),
    find,
    lock: async (id, tx) => lock("id = ?", id, tx),
    lockByHash: async (hash, tx) => lock("code_hash = ?", hash, tx),
    markUsed: async (id, { userId, at }, tx) => {
      await tx.run(
        "update redemption_codes set status = ?, redeemed_at = ?, redeemer_id = ? where id = ?",
        [statusNumbers.used, at, userId, id],
      );
    },
    list: async (filter, page) => listCodes(database, filter, page),
  };
}

async function updateCode(id: number, patch: CodePatch, tx: Tx): Promise<void> {
  const assigned: readonly (readonly [string, SqlValue])[] = [
    ...(patch.name === undefined ? [] : [["name", patch.name] as const]),
    ...(patch.status === undefined ? [] : [["status", statusNumbers[patch.status]] as const]),
    ...(patch.amountNanos === undefined ? [] : [["amount_nanos", patch.amountNanos] as const]),
    ...(patch.expiresAt === undefined ? [] : [["expires_at", patch.expiresAt] as const]),
  ];
  if (assigned.length > 0) {
    const sets = assigned.map(([column]) => `${column} = ?`).join(", ");
    const values = assigned.map(([, value]) => value);
    await tx.run(`update redemption_codes set ${sets} where id = ?`, [...values, id]);
  }
}

async function listCodes(
  database: Database,
  filter: CodeFilter,
  page: ListPage<(typeof codeSorts)[number]>,
): Promise<Page<StoredCode>> {
  const where = allOf([
    filter.status !== undefined && statusCondition(filter.status, filter.nowSeconds),
    filter.batchId !== undefined && { sql: "c.batch_id = ?", parameters: [filter.batchId] },
    page.keyword !== "" && keywordCondition(database, page.keyword),
  ]);
  const direction = page.isDescending ? "desc" : "asc";
  const order = `${sortColumns[page.sort ?? "id"]} ${direction}, c.id ${direction}`;
  const rows = await database.query<SqlRow>(
    `${select} where ${where.sql} order by ${order}${limitOffset(page.limit, page.offset)}`,
    where.parameters,
  );
  const total = page.hasTotal ? await count(database, where) : 0;
  return { rows: rows.map(fromRow), total };
}

async function count(database: Database, where: SqlCondition): Promise<number> {
  const sql = `select count(*) as codes from redemption_codes c where ${where.sql}`;
  const [row] = await database.query<SqlRow>(sql, where.parameters);
  return integerColumn(row?.["codes"]);
}

function statusCondition(status: CodeStatus, nowSeconds: number): SqlCondition {
  switch (status) {
    case "enabled":
      return {
        sql: "c.status = ? and (c.expires_at = 0 or c.expires_at > ?)",
        parameters: [statusNumbers.enabled, nowSeconds],
      };
    case "expired":
      return {
        sql: "c.status = ? and c.expires_at <> 0 and c.expires_at <= ?",
        parameters: [statusNumbers.enabled, nowSeconds],
      };
    case "disabled":
    case "used":
      return { sql: "c.status = ?", parameters: [statusNumbers[status]] };
  }
}

function keywordCondition({ dialect }: Database, keyword: string): SqlCondition {
  const isId = /^\d{1,9}$/u.test(keyword);
  return anyOf([
    prefixOf(dialect, "c.name", keyword),
    isId && { sql: "c.id = ?", parameters: [Number(keyword)] },
  ]);
}

function fromRow(row: SqlRow): StoredCode {
  return {
    hash: textColumn(row["code_hash"]),
    sealed: textColumn(row["code_sealed"]),
    code: {
      id: integerColumn(row["id"]),
      batchId: bytesColumn(row["batch_id"]),
      creatorId: integerColumn(row["creator_id"]),
      name: textColumn(row["name"]),
      status: statusFromNumber(integerColumn(row["status"])),
      amountNanos: moneyColumnValue(row["amount_nanos"]),
      creditSeconds: integerColumn(row["credit_seconds"]),
      createdAt: integerColumn(row["created_at"]),
      expiresAt: integerColumn(row["expires_at"]),
      redeemedAt: integerColumn(row["redeemed_at"]),
      redeemerId: integerColumn(row["redeemer_id"]),
      redeemerName: textColumn(row["redeemer_name"]),
    },
  };
}

function statusFromNumber(number: number): StoredCodeStatus {
  switch (number) {
    case statusNumbers.enabled:
      return "enabled";
    case statusNumbers.disabled:
      return "disabled";
    case statusNumbers.used:
      return "used";
    default:
      throw new TypeError(`unknown status ${number} of a code`);
  }
}

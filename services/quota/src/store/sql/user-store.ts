import {
  bigintColumn,
  booleanColumn,
  integerColumn,
  moneyColumnValue,
  textColumn,
} from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow, SqlValue } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import type { ListPage, Page } from "#domain/list-range.ts";
import { emailKey, roles } from "#domain/user.ts";
import type { User, UserStatus } from "#domain/user.ts";
import type {
  NameHolder,
  NewUser,
  TakenNames,
  UserFilter,
  UserLogin,
  UserPatch,
  UserStore,
} from "#usecases/identity/identity-ports.ts";
import type { Tx } from "#usecases/transaction.ts";
import { insertReturningId } from "./insert-returning-id.ts";
import { allOf, anyOf, prefixOf } from "./sql-condition.ts";
import type { SqlCondition } from "./sql-condition.ts";

type UserSort = NonNullable<ListPage<"id" | "username" | "balance_nanos">["sort"]>;

const statusNumbers = Object.freeze({ enabled: 1, disabled: 2, deleted: 3 }) satisfies Readonly<
  Record<UserStatus, number>
>;

const columns = `u.id, u.username, u.display_name, u.role, u.status, u.email, u.user_group,
  u.invitation_code, u.inviter_id, u.created_at, u.session_version, u.is_strict, u.password_hash,
  u.access_token_hash, w.posted_nanos, w.held_nanos, w.used_nanos, w.request_count`;
const tables = "users u left join wallets w on w.user_id = u.id";

const sortColumns = Object.freeze({
  id: "u.id",
  username: "u.username",
  balance_nanos: "w.posted_nanos",
  used_nanos: "w.used_nanos",
  request_count: "w.request_count",
  // Ids are given in the order of creation.
  created_at: "u.id",
});

/** Users in SQL, with the balances of their wallets. */
export function createUserStore(database: Database): UserStore {
  const findRow = async (
    where: string,
    parameters: readonly SqlValue[],
    tx?: Tx,
  ): Promise<SqlRow | undefined> => {
    const sql = `select ${columns} from ${tables} where ${where} limit 1`;
    const [row] = await database.query<SqlRow>(sql, parameters, tx);
    return row;
  };
  const findUser = async (where: string, parameters: readonly SqlValue[], tx?: Tx) => {
    const row = await findRow(where, parameters, tx);
    return row === undefined ? undefined : userFromRow(row);
  };
  const findLogin = async (where: string, parameters: readonly SqlValue[], tx?: Tx) => {
    const row = await findRow(where, parameters, tx);
    return row === undefined ? undefined : loginFromRow(row);
  };
  return {
    insert: async (user, tx) => insertUser(database, user, tx),
    update: async (id, patch, tx) => updateUser(database, { id, patch }, tx),
    find: async (id, tx) => findUser("u.id = ?", [id], tx),
    findByUsername: async (username, tx) => findUser("u.username = ?", [username], tx),
    findByInvitationCode: async (code, tx) =>
      findUser("u.invitation_code = ? and u.status = 1", [code], tx),
    findByAccessTokenHash: async (hash) => findUser("u.access_token_hash = ?", [hash]),
    findLogin: async (name) =>
      (await findLogin("u.username = ?", [name])) ??
      findLogin("u.email_key = ?", [emailKey(name) ?? ""]),
    findLoginById: async (id) => findLogin("u.id = ?", [id]),
    findRoot: async (tx) => findLogin("u.root_slot = ?", [1], tx),
    findHolder: async (names, tx) => findHolder(database, names, tx),
    list: async (filter, page) => listUsers(database, filter, page),
  };
}

async function insertUser(database: Database, user: NewUser, tx: Tx): Promise<number> {
  const values: Readonly<Record<string, SqlValue>> = {
    username: user.username,
    display_name: user.displayName,
    role: user.role,
    status: statusNumbers.enabled,
    email: user.email,
    email_key: emailKey(user.email) ?? null,
    user_group: user.group,
    password_hash: user.passwordHash,
    access_token_hash: user.accessTokenHash ?? null,
    invitation_code: user.invitationCode,
    inviter_id: user.inviterId,
    created_at: user.createdAt,
    session_version: 1,
    root_slot: user.role === roles.root ? 1 : null,
  };
  return insertReturningId(database, { table: "users", values }, tx);
}

async function updateUser(
  database: Database,
  { id, patch }: { readonly id: number; readonly patch: UserPatch },
  tx: Tx,
): Promise<void> {
  const assigned = Object.entries(assignments(patch));
  const sets = assigned.map(([column]) => `${column} = ?`);
  if (patch.hasNewSessions === true) {
    sets.push("session_version = session_version + 1");
  }
  if (sets.length > 0) {
    const parameters = [...assigned.map(([, value]) => value), id];
    await database.execute(`update users set ${sets.join(", ")} where id = ?`, parameters, tx);
  }
}

function assignments(patch: UserPatch): Readonly<Record<string, SqlValue>> {
  return {
    ...(patch.username !== undefined && { username: patch.username }),
    ...(patch.displayName !== undefined && { display_name: patch.displayName }),
    ...(patch.role !== undefined && { role: patch.role }),
    ...(patch.status !== undefined && { status: statusNumbers[patch.status] }),
    ...(patch.email !== undefined && {
      email: patch.email,
      email_key: emailKey(patch.email) ?? null,
    }),
    ...(patch.group !== undefined && { user_group: patch.group }),
    ...(patch.isStrict !== undefined && { is_strict: patch.isStrict }),
    ...(patch.passwordHash !== undefined && { password_hash: patch.passwordHash }),
    ...(patch.accessToken !== undefined && { access_token_hash: patch.accessToken.hash ?? null }),
  };
}

/** A name that opens the sign-in must lead to one account, whichever of the two kinds of name it is. */
async function findHolder(
  database: Database,
  { username, email, exceptId = 0 }: TakenNames,
  tx?: Tx,
): Promise<NameHolder | undefined> {
  const find = async (
    holds: NameHolder["holds"],
    name: string,
  ): Promise<NameHolder | undefined> => {
    const [row] = await database.query<SqlRow>(
      "select id from users where (username = ? or email_key = ?) and id <> ? limit 1",
      [name, name.toLowerCase(), exceptId],
      tx,
    );
    return row === undefined ? undefined : { id: integerColumn(row["id"]), holds };
  };
  const byUsername = username === undefined ? undefined : await find("username", username);
  if (byUsername !== undefined || email === undefined || email === "") {
    return byUsername;
  }
  return find("email", email);
}

async function listUsers(
  database: Database,
  filter: UserFilter,
  page: ListPage<UserSort | keyof typeof sortColumns>,
): Promise<Page<User>> {
  const where = allOf([
    filter.status === undefined
      ? { sql: "u.status <> ?", parameters: [statusNumbers.deleted] }
      : { sql: "u.status = ?", parameters: [statusNumbers[filter.status]] },
    filter.role !== undefined && { sql: "u.role = ?", parameters: [filter.role] },
    filter.group !== undefined && { sql: "u.user_group = ?", parameters: [filter.group] },
    page.keyword !== "" && keywordCondition(database, page.keyword),
  ]);
  const direction = page.isDescending ? "desc" : "asc";
  const order = `${sortColumns[page.sort ?? "id"]} ${direction}, u.id ${direction}`;
  const sql = `select ${columns} from ${tables} where ${where.sql} order by ${order}`;
  const rows = await database.query<SqlRow>(
    sql + limitOffset(page.limit, page.offset),
    where.parameters,
  );
  return {
    rows: rows.map(userFromRow),
    total: page.hasTotal ? await countUsers(database, where) : 0,
  };
}

async function countUsers(database: Database, where: SqlCondition): Promise<number> {
  const sql = `select count(*) as total from users u where ${where.sql}`;
  const [row] = await database.query<SqlRow>(sql, where.parameters);
  return integerColumn(row?.["total"]);
}

function keywordCondition({ dialect }: Database, keyword: string): SqlCondition {
  const isId = /^\d{1,9}$/u.test(keyword);
  return anyOf([
    prefixOf(dialect, "u.username", keyword),
    prefixOf(dialect, "u.display_name", keyword),
    prefixOf(dialect, "u.email_key", keyword.toLowerCase()),
    isId && { sql: "u.id = ?", parameters: [Number(keyword)] },
  ]);
}

function loginFromRow(row: SqlRow): UserLogin {
  return {
    user: userFromRow(row),
    passwordHash: textColumn(row["password_hash"]),
    hasAccessToken: row["access_token_hash"] !== null,
  };
}

function userFromRow(row: SqlRow): User {
  return {
    id: integerColumn(row["id"]),
    username: textColumn(row["username"]),
    displayName: textColumn(row["display_name"]),
    role: integerColumn(row["role"]),
    status: statusFromNumber(integerColumn(row["status"])),
    email: textColumn(row["email"]),
    group: textColumn(row["user_group"]),
    balanceNanos: moneyColumnValue(row["posted_nanos"] ?? 0),
    heldNanos: moneyColumnValue(row["held_nanos"] ?? 0),
    usedNanos: moneyColumnValue(row["used_nanos"] ?? 0),
    requestCount: Number(bigintColumn(row["request_count"] ?? 0)),
    invitationCode: textColumn(row["invitation_code"]),
    inviterId: integerColumn(row["inviter_id"]),
    createdAt: integerColumn(row["created_at"]),
    sessionVersion: integerColumn(row["session_version"]),
    isStrict: booleanColumn(row["is_strict"]),
  };
}

/** The status of a stored number. Throws for one that no version writes. */
export function statusFromNumber(number: number): UserStatus {
  switch (number) {
    case statusNumbers.enabled:
      return "enabled";
    case statusNumbers.disabled:
      return "disabled";
    case statusNumbers.deleted:
      return "deleted";
    default:
      throw new TypeError(`unknown user status ${number}`);
  }
}

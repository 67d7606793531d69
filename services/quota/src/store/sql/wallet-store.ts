import { bigintColumn, integerColumn, moneyColumnValue } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { forUpdate, insertIgnore } from "@tollgate/kit/sql/sql-dialect";
import type { Wallet } from "#domain/wallet.ts";
import type { WalletStore } from "#usecases/money-ports.ts";
import type { Tx } from "#usecases/transaction.ts";

const columns =
  "user_id, posted_nanos, held_nanos, credit_limit_nanos, used_nanos, request_count, version";

/** Wallets in a database. */
export function createWalletStore(database: Database): WalletStore {
  const openSql = insertIgnore(database.dialect, {
    table: "wallets",
    columns: ["user_id"],
    rowCount: 1,
  });
  const findSql = `select ${columns} from wallets where user_id = ?`;
  const lockSql = `${findSql}${forUpdate(database.dialect)}`;
  const addPostedSql =
    "update wallets set posted_nanos = posted_nanos + ?, version = version + 1 where user_id = ?";
  const addHeldSql =
    "update wallets set held_nanos = held_nanos + ?, version = version + 1 where user_id = ?";
  const read = async (sql: string, userId: number, tx?: Tx): Promise<Wallet | undefined> => {
    const [row] = await database.query<SqlRow>(sql, [userId], tx);
    return row === undefined ? undefined : fromRow(row);
  };
  return {
    open: async (userId, tx) => void (await tx.run(openSql, [userId])),
    find: async (userId, tx) => read(findSql, userId, tx),
    lock: async (userId, tx) => read(lockSql, userId, tx),
    addPosted: async (userId, amount, tx) => void (await tx.run(addPostedSql, [amount, userId])),
    addHeld: async (userId, amount, tx) => void (await tx.run(addHeldSql, [amount, userId])),
  };
}

function fromRow(row: SqlRow): Wallet {
  return {
    userId: integerColumn(row["user_id"]),
    postedNanos: moneyColumnValue(row["posted_nanos"]),
    heldNanos: moneyColumnValue(row["held_nanos"]),
    creditLimitNanos: moneyColumnValue(row["credit_limit_nanos"]),
    usedNanos: moneyColumnValue(row["used_nanos"]),
    requestCount: integerColumn(row["request_count"]),
    version: bigintColumn(row["version"]),
  };
}

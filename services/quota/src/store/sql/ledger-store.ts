import {
  bytesColumn,
  integerColumn,
  moneyColumnValue,
  textColumn,
} from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import { formatUuid, uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { accountOf, entriesOf, isAdjustmentKind } from "#domain/ledger.ts";
import type { AdjustmentKind } from "#domain/ledger.ts";
import type { Adjustment, LedgerLine, LedgerStore } from "#usecases/money-ports.ts";
import { insertMany } from "./insert-many.ts";

/** Inserts transactions. */
export const insertLedgerTx = insertMany({
  table: "ledger_tx",
  columns: [
    "tx_id",
    "kind",
    "idem_key",
    "user_id",
    "batch_id",
    "created_at_ms",
    "actor_id",
    "remark",
  ],
});

/** Inserts entries. */
export const insertLedgerEntries = insertMany({
  table: "ledger_entries",
  columns: ["tx_id", "line", "account_id", "user_id", "amount_nanos"],
});

/** The ledger in a database. */
export function createLedgerStore(database: Database): LedgerStore {
  return {
    async findAdjustment(requestId, tx) {
      const [row] = await database.query<SqlRow>(
        `select t.kind, t.user_id, t.actor_id, t.remark, e.amount_nanos
         from ledger_tx t join ledger_entries e on e.tx_id = t.tx_id and e.user_id = t.user_id
         where t.idem_key = ?`,
        [requestId],
        tx,
      );
      return row === undefined ? undefined : adjustmentOf(requestId, row);
    },
    async insertAdjustment(adjustment, nowMs, tx) {
      const { requestId, userId, amountNanos, kind, remark, actorId } = adjustment;
      const txId = uuidV7Bytes(nowMs);
      const account = adjustment.account ?? accountOf(kind);
      const entries = entriesOf({ userId, amountNanos, account });
      await insertLedgerTx(tx, [[txId, kind, requestId, userId, null, nowMs, actorId, remark]]);
      await insertLedgerEntries(
        tx,
        entries.map(({ accountId, userId: owner, amountNanos: amount }, line) => [
          txId,
          line,
          accountId,
          owner,
          amount,
        ]),
      );
    },
    async list(userId, { offset, limit, hasTotal }) {
      const rows = await database.query<SqlRow>(
        `select e.tx_id, e.amount_nanos, t.kind, t.created_at_ms, t.remark, t.actor_id
         from ledger_entries e join ledger_tx t on t.tx_id = e.tx_id
         where e.user_id = ? order by e.tx_id desc${limitOffset(limit, offset)}`,
        [userId],
      );
      return { rows: rows.map(lineOf), total: hasTotal ? await count(database, userId) : 0 };
    },
  };
}

async function count(database: Database, userId: number): Promise<number> {
  const [row] = await database.query<SqlRow>(
    "select count(*) as entries from ledger_entries where user_id = ?",
    [userId],
  );
  return integerColumn(row?.["entries"]);
}

function adjustmentOf(requestId: string, row: SqlRow): Adjustment {
  return {
    requestId,
    userId: integerColumn(row["user_id"]),
    amountNanos: moneyColumnValue(row["amount_nanos"]),
    kind: kindOf(textColumn(row["kind"])),
    remark: textColumn(row["remark"]),
    actorId: integerColumn(row["actor_id"]),
  };
}

function kindOf(text: string): AdjustmentKind {
  if (!isAdjustmentKind(text)) {
    throw new TypeError(`an adjustment cannot be a ${text}`);
  }
  return text;
}

function lineOf(row: SqlRow): LedgerLine {
  return {
    transactionId: formatUuid(bytesColumn(row["tx_id"])),
    kind: textColumn(row["kind"]),
    amountNanos: moneyColumnValue(row["amount_nanos"]),
    createdAtMs: integerColumn(row["created_at_ms"]),
    remark: textColumn(row["remark"]),
    actorId: integerColumn(row["actor_id"]),
  };
}

import { integerColumn, moneyColumnValue, textColumn } from "@tollgate/kit/sql/column-value";
import type { Database, SqlRow } from "@tollgate/kit/sql/database";
import { forUpdate, insertIgnore } from "@tollgate/kit/sql/sql-dialect";
import type { PaymentEvent, PaymentStore } from "#usecases/payments/payment-ports.ts";

const columns = [
  "provider",
  "event_id",
  "payment_id",
  "seq",
  "user_id",
  "amount_nanos",
  "received_at_ms",
];

/** Payment events in a database. */
export function createPaymentStore(database: Database): PaymentStore {
  const { dialect } = database;
  const insertSql = insertIgnore(dialect, { table: "payment_events", columns, rowCount: 1 });
  const select = `select ${columns.join(", ")} from payment_events`;
  const findSql = `${select} where provider = ? and event_id = ?`;
  const lockSql = `${select} where provider = ? and payment_id = ? and seq = 0${forUpdate(dialect)}`;
  const sumSql = `select count(*) as events, coalesce(sum(amount_nanos), 0) as total
    from payment_events where provider = ? and payment_id = ? and seq > 0`;
  return {
    insert: async (event, tx) => {
      const { affectedRows } = await tx.run(insertSql, [
        event.provider,
        event.eventId,
        event.paymentId,
        event.seq,
        event.userId,
        event.amountNanos,
        event.receivedAtMs,
      ]);
      return affectedRows === 1;
    },
    findEvent: async ({ provider, eventId }, tx) => {
      const [row] = await database.query<SqlRow>(findSql, [provider, eventId], tx);
      return row === undefined ? undefined : fromRow(row);
    },
    lockPayment: async ({ provider, paymentId }, tx) => {
      const [row] = await database.query<SqlRow>(lockSql, [provider, paymentId], tx);
      return row === undefined ? undefined : fromRow(row);
    },
    sumPaidBack: async ({ provider, paymentId }, tx) => {
      const [row] = await database.query<SqlRow>(sumSql, [provider, paymentId], tx);
      return {
        amountNanos: moneyColumnValue(row?.["total"]),
        count: integerColumn(row?.["events"]),
      };
    },
  };
}

function fromRow(row: SqlRow): PaymentEvent {
  return {
    provider: textColumn(row["provider"]),
    eventId: textColumn(row["event_id"]),
    paymentId: textColumn(row["payment_id"]),
    seq: integerColumn(row["seq"]),
    userId: integerColumn(row["user_id"]),
    amountNanos: moneyColumnValue(row["amount_nanos"]),
    receivedAtMs: integerColumn(row["received_at_ms"]),
  };
}

import type { Transaction, TransactionOptions } from "@tollgate/kit/sql/database";

/** An open database transaction. Use cases pass it on; only stores look inside. */
export type Tx = Transaction;

/** Runs a unit of work: READ COMMITTED, retried on deadlock, one at a time on SQLite. The work may run more than once. */
export interface Transactions {
  readonly run: <Result>(
    work: (tx: Tx) => Promise<Result>,
    options?: TransactionOptions,
  ) => Promise<Result>;
}

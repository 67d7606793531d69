/** What a placeholder may stand for. Times are bound as milliseconds since 1970, switches as 0 and 1 where it matters. */
export type SqlValue = string | number | bigint | boolean | Uint8Array | null;

/** One row, by column name. Read integers with `integerColumn` and `bigintColumn`: engines disagree on their type. */
export type SqlRow = Readonly<Record<string, unknown>>;

/** What a statement did. */
export interface StatementResult {
  /** Rows matched, also those that already had the new values. */
  readonly affectedRows: number;
  /** The auto-increment id of the first inserted row; absent on PostgreSQL (use `returning`). */
  readonly insertId?: bigint;
  readonly rows: readonly SqlRow[];
}

/** Many rows for one table. The three texts together are a statement that inserts one row. */
export interface BulkInsert {
  /** `insert into t (a, b) values `, without placeholders. */
  readonly head: string;
  /** One row: `(?, 0, ?)`. */
  readonly row: string;
  /** What follows the last row: "" or what to do with rows that exist, without placeholders. */
  readonly tail: string;
  /** The values of each row's placeholders. */
  readonly rows: readonly (readonly SqlValue[])[];
}

/** How a transaction is run. */
export interface TransactionOptions {
  /**
   * True: whoever asked for the work will ask again when a power cut undid it. SQLite then does not wait for the disk. What is
   * committed afterwards without this is never on the disk alone: commits reach it in their order.
   */
  readonly isReplayable?: boolean;
}

/** A connection that one caller has to itself. */
export interface SqlSession {
  /** `?` marks a placeholder on every engine. Texts inside the statement must not contain `?`. */
  run(sql: string, parameters: readonly SqlValue[]): Promise<StatementResult>;
  /** Writes rows in their order, in as few or as many statements as the engine likes best. */
  insert(insert: BulkInsert): Promise<void>;
  begin(options: TransactionOptions): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** The raw side of a database: lends sessions. */
export interface SqlPool {
  /** Lends a session for the time of `work`. A session whose state is unknown after a failure is not used again. */
  use<Result>(work: (session: SqlSession) => Promise<Result>): Promise<Result>;
  /** True when running the whole transaction again may succeed: deadlock, lock wait, serialization, busy. */
  isTransient(error: unknown): boolean;
}

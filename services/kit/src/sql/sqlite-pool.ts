import type { FifoLock } from "./fifo-lock.ts";
import { createFifoLock } from "./fifo-lock.ts";
import type {
  BulkInsert,
  SqlPool,
  SqlRow,
  SqlSession,
  SqlValue,
  StatementResult,
} from "./sql-session.ts";

/** The part of a better-sqlite3 statement used here. */
interface NativeStatement {
  readonly reader: boolean;
  safeIntegers(isOn: boolean): unknown;
  all(...parameters: unknown[]): unknown[];
  run(...parameters: unknown[]): {
    readonly changes: number;
    readonly lastInsertRowid: number | bigint;
  };
}

/** The part of a better-sqlite3 database used here. */
export interface NativeSqlite {
  prepare(sql: string): NativeStatement;
  exec(sql: string): unknown;
}

/** Reserves the one connection, so that the ORM does not use it at the same time. */
export type ReserveConnection = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** An open file. */
interface SqliteParts {
  readonly native: NativeSqlite;
  readonly reserve: ReserveConnection;
  /** What is committed is on the disk. */
  readonly isDurable: boolean;
}

const statementsMax = 500;
const waitMsMax = 10_000;
const waitersMax = 20_000;

/**
 * Lends the one connection of an SQLite file, prepared statements kept. Integers are read exactly: above 2^53 they come as
 * bigint, below as number.
 */
export function createSqlitePool({ native, reserve, isDurable }: SqliteParts): SqlPool {
  const lock: FifoLock = createFifoLock({ waitMsMax, waitersMax });
  const session = createSession(native, isDurable);
  return {
    use: async (work) => lock.hold(async () => reserve(async () => work(session))),
    isTransient: (error) =>
      error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY"),
  };
}

function createSession(native: NativeSqlite, isDurable: boolean): SqlSession {
  const prepare = createStatements(native);
  const sync = createSyncMode(native);

  function run(sql: string, parameters: readonly SqlValue[]): StatementResult {
    const statement = prepare(sql);
    const bound = bindables(parameters);
    if (statement.reader) {
      const rows = statement.all(...bound).map(exactRow);
      return { affectedRows: rows.length, rows };
    }
    const { changes, lastInsertRowid } = statement.run(...bound);
    return { affectedRows: changes, insertId: BigInt(lastInsertRowid), rows: [] };
  }

  /** One row a statement: there are no round trips to save, and the engine is slower with many rows in one. */
  function insert({ head, row, tail, rows }: BulkInsert): void {
    const statement = prepare(`${head}${row}${tail}`);
    for (const values of rows) {
      // Spreading is what the driver reads fastest.
      statement.run(...bindables(values));
    }
  }

  function begin(isReplayable: boolean): void {
    if (isDurable && isReplayable) {
      sync.relax();
    }
    try {
      // Takes the write lock at once: a transaction that reads first could not upgrade its lock later.
      run("begin immediate", []);
    } catch (error) {
      // Compensates: nobody ends a transaction that has not begun.
      sync.tighten();
      throw error;
    }
  }

  function end(sql: "commit" | "rollback"): void {
    run(sql, []);
    sync.tighten();
  }

  return {
    run: async (sql, parameters) => run(sql, parameters),
    insert: async (bulk) => insert(bulk),
    begin: async ({ isReplayable = false }) => begin(isReplayable),
    commit: async () => end("commit"),
    rollback: async () => end("rollback"),
  };
}

/** Keeps statements prepared. */
function createStatements(native: NativeSqlite): (sql: string) => NativeStatement {
  const statements = new Map<string, NativeStatement>();
  return (sql) => {
    const known = statements.get(sql);
    if (known !== undefined) {
      return known;
    }
    if (statements.size >= statementsMax) {
      statements.clear();
    }
    const statement = native.prepare(sql);
    statement.safeIntegers(true);
    statements.set(sql, statement);
    return statement;
  };
}

interface SyncMode {
  /** The next transaction need not be on the disk when it is committed. */
  readonly relax: () => void;
  /** Every transaction has to be again. */
  readonly tighten: () => void;
}

/** Switches between transactions; within one it is refused. A statement that is kept prepared would not switch again. */
function createSyncMode(native: NativeSqlite): SyncMode {
  let isRelaxed = false;
  return {
    relax: () => {
      native.exec("pragma synchronous = normal");
      isRelaxed = true;
    },
    tighten: () => {
      if (isRelaxed) {
        native.exec("pragma synchronous = full");
        isRelaxed = false;
      }
    },
  };
}

/** The driver binds everything but switches. */
function bindables(values: readonly SqlValue[]): readonly unknown[] {
  return values.some((value) => typeof value === "boolean") ? values.map(bindable) : values;
}

function bindable(value: SqlValue): unknown {
  return typeof value === "boolean" ? Number(value) : value;
}

function exactRow(row: unknown): SqlRow {
  const exact: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row ?? {})) {
    exact[name] = typeof value === "bigint" ? numberWhenSafe(value) : value;
  }
  return exact;
}

function numberWhenSafe(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
    ? Number(value)
    : value;
}

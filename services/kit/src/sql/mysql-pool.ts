import { platformFaults } from "../fault/fault.ts";
import { literalInserts } from "./mysql-literal.ts";
import type { SqlPool, SqlRow, SqlSession, SqlValue, StatementResult } from "./sql-session.ts";

type Callback<Result> = (error: Error | null, result: Result) => void;

/** The part of a mysql2 connection used here. */
interface NativeConnection {
  /** Without parameters (null) the text goes as it is. */
  query(sql: string, parameters: readonly unknown[] | null, done: Callback<unknown>): unknown;
  release(): void;
  destroy(): void;
}

/** The part of a mysql2 pool used here. */
export interface NativeMysqlPool {
  getConnection(done: Callback<NativeConnection>): void;
  on(event: "connection", prepare: (connection: NativeConnection) => void): unknown;
}

const statementMsMax = 60_000;

/** What every connection is set to: exact texts, UTC, strict, and the isolation that the billing transactions assume. */
const sessionSettings = [
  "set names utf8mb4 collate utf8mb4_bin",
  "set session transaction isolation level read committed",
  "set session time_zone = '+00:00'",
  "set session sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'",
];

// Deadlock, lock wait timeout, and MariaDB's "record has changed since last read".
const transientErrors: ReadonlySet<unknown> = new Set([1213, 1205, 1020]);

/**
 * Lends connections of a mysql2 pool. Statements go as text with literals, so that whole numbers stay whole numbers; the
 * binary protocol would send them as floating point.
 */
export function createMysqlPool(native: NativeMysqlPool): SqlPool {
  const prepared = new WeakSet<NativeConnection>();
  const prepare = (connection: NativeConnection): void => {
    if (prepared.has(connection)) {
      return;
    }
    prepared.add(connection);
    for (const sql of sessionSettings) {
      connection.query(sql, null, (error) => {
        // A connection that could not be set up must not be used; its first statement reports the loss.
        if (error !== null) {
          connection.destroy();
        }
      });
    }
  };
  native.on("connection", prepare);
  return {
    async use(work) {
      const connection = await acquire(native);
      // The ORM opened connections of its own before anybody listened.
      prepare(connection);
      let isClean = true;
      const session = createSession(connection, () => {
        isClean = false;
      });
      try {
        return await work(session);
      } finally {
        if (isClean) {
          connection.release();
        } else {
          connection.destroy();
        }
      }
    },
    isTransient: (error) =>
      error instanceof Error && "errno" in error && transientErrors.has(error.errno),
  };
}

async function acquire(native: NativeMysqlPool): Promise<NativeConnection> {
  return new Promise((resolve, reject) => {
    native.getConnection((error, connection) => {
      if (error === null || error === undefined) {
        resolve(connection);
      } else {
        reject(error);
      }
    });
  });
}

function createSession(connection: NativeConnection, markUnclean: () => void): SqlSession {
  const run: SqlSession["run"] = async (sql, parameters) =>
    new Promise((resolve, reject) => {
      const bound = parameters.length === 0 ? null : parameters.map(bindable);
      // The driver's own limit leaves its timer running when the connection is lost.
      const timer = setTimeout(() => {
        markUnclean();
        connection.destroy();
        reject(platformFaults.fault("DATABASE_BUSY"));
      }, statementMsMax);
      connection.query(sql, bound, (error, result) => {
        clearTimeout(timer);
        if (error === null || error === undefined) {
          resolve(resultOf(result));
        } else {
          reject(error);
        }
      });
    });
  const control = async (sql: string): Promise<void> => {
    try {
      await run(sql, []);
    } catch (error) {
      // Adds a fact: whether a transaction is open on this connection is now unknown.
      markUnclean();
      throw error;
    }
  };
  const runSafely: SqlSession["run"] = async (sql, parameters) => {
    try {
      return await run(sql, parameters);
    } catch (error) {
      // Adds a fact: after a lost or late answer the connection is of no use.
      if (isFatal(error)) {
        markUnclean();
      }
      throw error;
    }
  };
  return {
    run: runSafely,
    insert: async (bulk) => {
      for (const sql of literalInserts(bulk)) {
        await runSafely(sql, []);
      }
    },
    begin: async () => control("start transaction"),
    commit: async () => control("commit"),
    rollback: async () => control("rollback"),
  };
}

function bindable(value: SqlValue): unknown {
  return value instanceof Uint8Array && !Buffer.isBuffer(value) ? Buffer.from(value) : value;
}

function isFatal(error: unknown): boolean {
  return (
    error instanceof Error && (!("errno" in error) || ("fatal" in error && error.fatal === true))
  );
}

function resultOf(result: unknown): StatementResult {
  if (Array.isArray(result)) {
    const rows: readonly SqlRow[] = result;
    return { affectedRows: rows.length, rows };
  }
  if (typeof result === "object" && result !== null && "affectedRows" in result) {
    const insertId = "insertId" in result ? BigInt(String(result.insertId)) : 0n;
    return { affectedRows: Number(result.affectedRows), insertId, rows: [] };
  }
  return { affectedRows: 0, rows: [] };
}

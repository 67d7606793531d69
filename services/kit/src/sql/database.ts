import { setTimeout as delay } from "node:timers/promises";
import type { MikroORM, SqlEntityManager } from "@mikro-orm/sql";
import type { Logger } from "../logging/logger.ts";
import { parseDsn } from "./dsn.ts";
import { migrate } from "./migrate.ts";
import { openServer, openSqlite } from "./open-orm.ts";
import type { Entities, MigrationFolders } from "./orm-options.ts";
import { commonOrmOptions } from "./orm-options.ts";
import type { SqlDialect } from "./sql-dialect.ts";
import type {
  SqlPool,
  SqlSession,
  SqlValue,
  StatementResult,
  TransactionOptions,
} from "./sql-session.ts";

export type {
  BulkInsert,
  SqlRow,
  SqlValue,
  StatementResult,
  TransactionOptions,
} from "./sql-session.ts";

/** What to open. Exactly one of `dsn` and `sqlitePath` is used; `dsn` comes first. */
export interface DatabaseOptions {
  /** Also the prefix of the table of applied migrations. */
  readonly service: string;
  readonly dsn?: string | undefined;
  readonly sqlitePath?: string | undefined;
  /** True: on SQLite what is committed survives a power cut, not only the end of the process. */
  readonly isDurable?: boolean;
  readonly entities: Entities;
  readonly migrations: MigrationFolders;
  readonly logger: Logger;
  /** The most connections to a server; at least 2. SQLite always has one. */
  readonly poolMax: number;
}

/** An open transaction. Ends with the function that it was given to. */
export type Transaction = Pick<SqlSession, "run" | "insert">;

/** A service's own database. Raw statements for the hot paths, the ORM for the rest, over the same connections. */
export interface Database {
  readonly orm: MikroORM;
  readonly dialect: SqlDialect;
  /** Runs a statement that changes something; within `transaction` when given. `?` marks placeholders on every engine. */
  execute(
    sql: string,
    parameters?: readonly SqlValue[],
    transaction?: Transaction,
  ): Promise<StatementResult>;
  /** Runs a statement that returns rows. Read their columns with the functions of `column-value.ts`. */
  query<Row extends object>(
    sql: string,
    parameters?: readonly SqlValue[],
    transaction?: Transaction,
  ): Promise<readonly Row[]>;
  /**
   * Runs `work` in a READ COMMITTED transaction and commits; rolls back when it throws. Runs it again, up to five times,
   * after a deadlock, a lock wait or a serialization failure, so it must have no effect outside the database. On SQLite
   * transactions run one after another; a statement issued inside one but not through it waits until it fails.
   */
  transaction<Result>(
    work: (transaction: Transaction) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>;
  /** A new entity manager, for one unit of work. */
  em(): SqlEntityManager;
  /** Closes every connection. */
  close(): Promise<void>;
}

const attemptsMax = 6;
const retryMsMax = 50;

/** Opens the database and brings its schema up to date. Concurrent openers wait for each other. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { service, dsn, sqlitePath, entities, migrations, logger, poolMax } = options;
  const isDurable = options.isDurable === true;
  const address = dsn === undefined || dsn === "" ? undefined : parseDsn(dsn);
  const dialect: SqlDialect = address?.kind ?? "sqlite";
  const common = commonOrmOptions({ service, entities, migrationFolder: migrations[dialect] });
  if (address === undefined && sqlitePath === undefined) {
    throw new Error("a database needs a DSN or the path of an SQLite file");
  }
  const { orm, pool } =
    address === undefined
      ? await openSqlite({ path: sqlitePath ?? ":memory:", isDurable }, common)
      : await openServer(address, common, poolMax);
  try {
    const applied = await migrate({ orm, pool, dialect, service });
    logger.info({ dialect, applied }, "database open");
  } catch (error) {
    // Compensates: nobody else can close what was just opened.
    await orm.close(true);
    throw error;
  }
  return createDatabase({ orm, pool, dialect, logger });
}

interface DatabaseParts {
  readonly orm: MikroORM;
  readonly pool: SqlPool;
  readonly dialect: SqlDialect;
  readonly logger: Logger;
}

function createDatabase({ orm, pool, dialect, logger }: DatabaseParts): Database {
  const execute: Database["execute"] = async (sql, parameters = [], transaction) =>
    transaction === undefined
      ? pool.use(async (session) => session.run(sql, parameters))
      : transaction.run(sql, parameters);
  return {
    orm,
    dialect,
    execute,
    async query<Row extends object>(
      sql: string,
      parameters: readonly SqlValue[] = [],
      transaction?: Transaction,
    ) {
      const { rows } = await execute(sql, parameters, transaction);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller names the columns that it selects
      return rows as readonly object[] as readonly Row[];
    },
    async transaction(work, options = {}) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await pool.use(async (session) => {
            await session.begin(options);
            return finishTransaction(session, work, logger);
          });
        } catch (error) {
          // Compensates: the engine undid the whole transaction and asks for another try.
          if (attempt === attemptsMax || !pool.isTransient(error)) {
            throw error;
          }
          await delay(Math.random() * retryMsMax * attempt);
        }
      }
    },
    em: () => orm.em.fork(),
    close: async () => orm.close(true),
  };
}

/** Runs the work of a transaction that has begun, and ends it. */
async function finishTransaction<Result>(
  session: SqlSession,
  work: (transaction: Transaction) => Promise<Result>,
  logger: Logger,
): Promise<Result> {
  let isOpen = true;
  const openSession = (): SqlSession => {
    if (!isOpen) {
      throw new Error("this transaction has ended");
    }
    return session;
  };
  const transaction: Transaction = {
    run: async (sql, parameters) => openSession().run(sql, parameters),
    insert: async (insert) => openSession().insert(insert),
  };
  try {
    const result = await work(transaction);
    isOpen = false;
    await session.commit();
    return result;
  } catch (error) {
    isOpen = false;
    await session.rollback().catch((rollbackError: unknown) => {
      // The first failure is the one that matters; the pool drops a connection that could not roll back.
      logger.warn({ err: rollbackError }, "rollback failed");
    });
    throw error;
  }
}

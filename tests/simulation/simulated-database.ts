/**
 * One database server for all instances of quota: real SQL on SQLite in memory. Every run begins with the same empty tables. A
 * connection breaks with its instance, in the middle of a transaction too, and with a failover, which takes back whatever was
 * committed since the standby's last copy.
 */
import type { Clock } from "@tollgate/kit/clock/clock";
import type { Database, SqlValue, Transaction } from "@tollgate/kit/sql/database";
import { createLogger } from "@tollgate/kit/logging/logger";
import { bigintColumn, integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import { openQuotaDatabase } from "../../services/quota/src/store/sql/open-quota-database.ts";
import type { Dice } from "./dice.ts";
import type { ProcessClock } from "./process-clock.ts";

/** How the database behaves in one run. */
export interface DatabaseTemper {
  /** Of statements in transactions: takes some milliseconds, in which its instance may be killed. */
  readonly slowStatement: number;
}

/** A transaction, which a mutant may run otherwise. */
export type ChangeTransaction = (transaction: Transaction) => Transaction;

/** What a failover took back. */
export interface LostCommits {
  /** What leases that are lost were granted, by user. */
  readonly grantedNanos: ReadonlyMap<number, bigint>;
  /** How far journals had been applied, by id in hexadecimal. */
  readonly marks: ReadonlyMap<string, number>;
}

export interface SimulatedDatabase {
  /** For the books of the run: never broken. */
  readonly database: Database;
  /** Back to the state in which the first run began. */
  readonly reset: () => Promise<void>;
  /** What one instance of quota uses. */
  readonly connect: (options: ConnectOptions) => Database;
  /** The standby copies everything now. */
  readonly copyToStandby: () => Promise<void>;
  /** Every connection breaks, and with it every open transaction. */
  readonly breakConnections: () => void;
  /** Back to the standby's copy: what was committed since then is lost, and open transactions break. */
  readonly failOver: () => Promise<LostCommits>;
  readonly close: () => Promise<void>;
}

export interface ConnectOptions {
  readonly clock: Clock;
  readonly process: ProcessClock;
  readonly dice: Dice;
  readonly temper: DatabaseTemper;
  /** Put around every transaction; absent = nothing is. */
  readonly around?: ChangeTransaction | undefined;
}

// The names of some tables are the engine's own.
const prefixes = { main: "", pristine: "copy_of_", standby: "copy_of_" } as const;

type Place = keyof typeof prefixes;

const timelineSql = "select 1 as timeline";

const silent = createLogger({ service: "simulation", level: "silent" });

export async function openSimulatedDatabase(
  prepare: (database: Database) => Promise<void>,
): Promise<SimulatedDatabase> {
  const database = await openQuotaDatabase({
    dsn: undefined,
    sqlitePath: ":memory:",
    logger: silent,
    poolMax: 2,
  });
  await prepare(database);
  const tables = await listTables(database);
  for (const copy of ["pristine", "standby"] as const) {
    await database.execute(`attach database ':memory:' as ${copy}`);
    for (const table of tables) {
      await database.execute(
        `create table ${copy}.${prefixes[copy]}${table} as select * from main.${table}`,
      );
    }
  }
  const copyIn = async (transaction: Transaction, from: Place, to: Place): Promise<void> => {
    for (const table of tables) {
      const target = `${to}.${prefixes[to]}${table}`;
      await transaction.run(`delete from ${target}`, []);
      await transaction.run(
        `insert into ${target} select * from ${from}.${prefixes[from]}${table}`,
        [],
      );
    }
  };
  const copyAll = async (from: Place, to: Place): Promise<void> =>
    database.transaction(async (transaction) => copyIn(transaction, from, to));
  let connections = 0;
  let failovers = 0;
  return {
    database,
    reset: async () => {
      failovers = 0;
      await copyAll("pristine", "main");
    },
    connect: (options) =>
      connectTo(database, options, { connection: () => connections, server: () => failovers }),
    breakConnections: () => {
      connections += 1;
    },
    copyToStandby: async () => copyAll("main", "standby"),
    failOver: async () => {
      connections += 1;
      failovers += 1;
      return database.transaction(async (transaction) => {
        const lost = {
          grantedNanos: await readLostGrants(transaction),
          marks: await readMarks(transaction),
        };
        await copyIn(transaction, "standby", "main");
        return lost;
      });
    },
    close: async () => database.close(),
  };
}

async function listTables(database: Database): Promise<readonly string[]> {
  const rows = await database.query<{ readonly name: unknown }>(
    `select name from sqlite_master where type = 'table'
       and (name = 'sqlite_sequence' or name not like 'sqlite_%') order by name`,
  );
  return rows.map(({ name }) => textColumn(name));
}

async function readLostGrants(transaction: Transaction): Promise<ReadonlyMap<number, bigint>> {
  const { rows } = await transaction.run(
    `select user_id, sum(granted_nanos) as nanos from main.leases l where not exists (
       select 1 from standby.copy_of_leases s
       where s.journal_id = l.journal_id and s.epoch = l.epoch and s.lease_no = l.lease_no)
     group by user_id`,
    [],
  );
  return new Map(rows.map((row) => [integerColumn(row["user_id"]), bigintColumn(row["nanos"])]));
}

async function readMarks(transaction: Transaction): Promise<ReadonlyMap<string, number>> {
  const sql = "select lower(hex(journal_id)) as journal, hwm from main.journals";
  const { rows } = await transaction.run(sql, []);
  return new Map(rows.map((row) => [textColumn(row["journal"]), integerColumn(row["hwm"])]));
}

function connectTo(
  database: Database,
  { clock, process, dice, temper, around }: ConnectOptions,
  { connection, server }: { readonly connection: () => number; readonly server: () => number },
): Database {
  const check = (since: number): void => {
    if (!process.isAlive() || since !== connection()) {
      throw new Error("the connection to the database is broken");
    }
  };
  const linger = async (): Promise<void> => {
    if (dice.chance(temper.slowStatement)) {
      await new Promise<void>((resolve) => {
        // The server's time, which goes on when the instance is killed: it then sees the connection break.
        clock.setTimeout(resolve, dice.integer(1, 6));
      });
    }
  };
  const statements = (transaction: Transaction, since: number): Transaction => {
    const own: Transaction = {
      run: async (sql, parameters) => {
        check(since);
        await linger();
        check(since);
        return transaction.run(sql, parameters);
      },
      insert: async (bulk) => {
        check(since);
        return transaction.insert(bulk);
      },
    };
    return around?.(own) ?? own;
  };
  return {
    ...database,
    execute: async (sql, parameters, transaction) => {
      check(connection());
      return transaction === undefined
        ? database.execute(sql, parameters)
        : transaction.run(sql, parameters ?? []);
    },
    query: async <Row extends object>(
      sql: string,
      parameters?: readonly SqlValue[],
      transaction?: Transaction,
    ) => {
      check(connection());
      if (sql === timelineSql) {
        // Another server answers after a failover, which is what servers are asked for.
        return database.query<Row>(`select ${server()} as timeline`);
      }
      return database.query<Row>(sql, parameters, transaction);
    },
    transaction: async (work, options) => {
      const since = connection();
      check(since);
      const result = await database.transaction(async (transaction) => {
        const outcome = await work(statements(transaction, since));
        await linger();
        check(since);
        return outcome;
      }, options);
      // Committed; who asked may never hear of it.
      await linger();
      check(since);
      return result;
    },
  };
}

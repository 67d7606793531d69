import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { MikroORM, Options } from "@mikro-orm/sql";
import type { ServerAddress } from "./dsn.ts";
import type { NativeMysqlPool } from "./mysql-pool.ts";
import { createMysqlPool } from "./mysql-pool.ts";
import { anyDriverOrm } from "./orm-options.ts";
import type { NativePostgresqlPool } from "./postgresql-pool.ts";
import { createPostgresqlPool } from "./postgresql-pool.ts";
import type { SqlDialect } from "./sql-dialect.ts";
import type { SqlPool } from "./sql-session.ts";
import type { ReserveConnection } from "./sqlite-pool.ts";
import { createSqlitePool } from "./sqlite-pool.ts";

/** An ORM and the raw pool over the same connections. */
export interface OpenOrm {
  readonly orm: MikroORM;
  readonly pool: SqlPool;
  readonly dialect: SqlDialect;
}

const connectMsMax = 10_000;
const waitersMax = 10_000;
const statementMsMax = 60_000;

/** Opens an SQLite file (made when missing, with its folder) in WAL mode. */
export async function openSqlite(
  { path, isDurable }: { readonly path: string; readonly isDurable: boolean },
  common: Options,
): Promise<OpenOrm> {
  const { MikroORM: SqliteOrm } = await import("@mikro-orm/sqlite");
  if (path !== ":memory:") {
    mkdirSync(dirname(path), { recursive: true });
  }
  const orm = await SqliteOrm.init(looseOptions({ ...common, dbName: path }));
  const connection = orm.em.getConnection();
  const synchronous = `synchronous = ${isDurable ? "full" : "normal"}`;
  for (const pragma of ["journal_mode = wal", synchronous, "busy_timeout = 5000"]) {
    await connection.execute(`pragma ${pragma}`, [], "all");
  }
  const client = connection.getClient();
  const native = await connection.getNativeClient();
  const reserve: ReserveConnection = async (work) =>
    client.connection().execute(async () => work());
  const pool = createSqlitePool({ native, reserve, isDurable });
  return { orm: anyDriverOrm(orm), pool, dialect: "sqlite" };
}

/** Opens a server: PostgreSQL, or MySQL and MariaDB told apart by what the server says it is. */
export async function openServer(
  address: ServerAddress,
  common: Options,
  poolMax: number,
): Promise<OpenOrm> {
  const options: Options = {
    ...common,
    host: address.host,
    port: address.port,
    user: address.user,
    password: address.password,
    dbName: address.database,
    pool: { min: 0, max: poolMax },
  };
  return address.kind === "mysql" ? openMysql(address, options) : openPostgresql(address, options);
}

async function openMysql(address: ServerAddress, options: Options): Promise<OpenOrm> {
  const mysqlOptions: Options = {
    ...options,
    charset: "utf8mb4",
    collate: "utf8mb4_bin",
    driverOptions: {
      connectTimeout: connectMsMax,
      queueLimit: waitersMax,
      enableKeepAlive: true,
      ...(address.tls === "off" ? {} : { ssl: { rejectUnauthorized: address.tls === "verified" } }),
    },
  };
  const { MikroORM: MysqlOrm } = await import("@mikro-orm/mysql");
  const mysql = await MysqlOrm.init(looseOptions(mysqlOptions));
  const native = looseMysqlPool(await mysql.em.getConnection().getNativeClient());
  if (!(await isMariaDb(anyDriverOrm(mysql)))) {
    return { orm: anyDriverOrm(mysql), pool: createMysqlPool(native), dialect: "mysql" };
  }
  await mysql.close(true);
  const { MikroORM: MariaDbOrm } = await import("@mikro-orm/mariadb");
  const mariaDb = await MariaDbOrm.init(looseOptions(mysqlOptions));
  const mariaDbNative = looseMysqlPool(await mariaDb.em.getConnection().getNativeClient());
  return { orm: anyDriverOrm(mariaDb), pool: createMysqlPool(mariaDbNative), dialect: "mysql" };
}

/** Closes the ORM when the server does not answer. */
async function isMariaDb(mysql: MikroORM): Promise<boolean> {
  try {
    const [version] = await mysql.em.getConnection().execute("select version() as version");
    return /mariadb/iu.test(String(version?.["version"]));
  } catch (error) {
    // Compensates: nobody else can close what was just opened, and whoever waits for a server tries again and again.
    await mysql.close(true);
    throw error;
  }
}

async function openPostgresql(address: ServerAddress, options: Options): Promise<OpenOrm> {
  const { MikroORM: PostgresqlOrm } = await import("@mikro-orm/postgresql");
  const orm = await PostgresqlOrm.init(
    looseOptions({
      ...options,
      driverOptions: {
        connectionTimeoutMillis: connectMsMax,
        statement_timeout: statementMsMax,
        ...(address.tls === "off"
          ? {}
          : { ssl: { rejectUnauthorized: address.tls === "verified" } }),
      },
    }),
  );
  const native: NativePostgresqlPool = await orm.em.getConnection().getNativeClient();
  return { orm: anyDriverOrm(orm), pool: createPostgresqlPool(native), dialect: "postgresql" };
}

/** Each driver's options differ only in the driver's own type, which nobody outside this file sees. */
function looseOptions(options: Options): object {
  return options;
}

function looseMysqlPool(pool: object): NativeMysqlPool {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the part of mysql2 used; its overloads hide it
  return pool as NativeMysqlPool;
}

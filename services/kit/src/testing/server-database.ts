import { parseDsn } from "../sql/dsn.ts";
import { openServer } from "../sql/open-orm.ts";
import { commonOrmOptions } from "../sql/orm-options.ts";

/** An empty database on a server, for one test. */
export interface ServerDatabase {
  readonly dsn: string;
  /** Removes it; whoever uses it must have closed it before. */
  readonly drop: () => Promise<void>;
}

/** The variable that names a server (by the DSN of any database on it) for tests that otherwise use SQLite. */
export const testDsnVariable = "TEST_SQL_DSN";

let made = 0;

/** Makes a database on a server, by default the one that the environment names; undefined when it names none, which means SQLite. */
export async function openServerDatabase(
  // oxlint-disable-next-line node/no-process-env -- a test file has no main that could pass it on
  serverDsn: string | undefined = process.env[testDsnVariable],
): Promise<ServerDatabase | undefined> {
  if (serverDsn === undefined || serverDsn === "") {
    return undefined;
  }
  made += 1;
  const name = `test_${process.pid}_${made}`;
  await runOnServer(serverDsn, `create database ${name}`);
  return {
    dsn: withDatabase(serverDsn, name),
    drop: async () => runOnServer(serverDsn, `drop database ${name}`),
  };
}

function withDatabase(dsn: string, name: string): string {
  return dsn.replace(/\/[^/?]+(?=$|\?)/u, `/${name}`);
}

async function runOnServer(dsn: string, sql: string): Promise<void> {
  const common = commonOrmOptions({ service: "test", entities: [], migrationFolder: "" });
  const { orm, pool } = await openServer(parseDsn(dsn), common, 2);
  try {
    await pool.use(async (session) => session.run(sql, []));
  } finally {
    await orm.close(true);
  }
}

import { join } from "node:path";
import { createLogger } from "@tollgate/kit/logging/logger";
import type { Database } from "@tollgate/kit/sql/database";
import { openServerDatabase } from "@tollgate/kit/testing/server-database";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { openQuotaDatabase } from "#store/sql/open-quota-database.ts";

/** A database of its own for one test file; removed with `close`. */
export interface TestDatabase {
  readonly database: Database;
  readonly close: () => Promise<void>;
}

/** Writes to nowhere. */
export const silentLogger = createLogger({ service: "test", level: "silent" });

const poolMax = 8;

/** A new database with every table of quota: an SQLite file, or on the server that TEST_SQL_DSN (or the argument) names. */
export async function openTestDatabase(serverDsn?: string): Promise<TestDatabase> {
  const folder = createTemporaryDirectory();
  const server = await openServerDatabase(serverDsn);
  const database = await openQuotaDatabase({
    dsn: server?.dsn,
    sqlitePath: join(folder.path, "quota.db"),
    logger: silentLogger,
    poolMax,
  });
  return {
    database,
    close: async () => {
      await database.close();
      await server?.drop();
      folder.remove();
    },
  };
}

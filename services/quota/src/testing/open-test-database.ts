import { join } from "node:path";
import { createLogger } from "@tollgate/kit/logging/logger";
import type { Database } from "@tollgate/kit/sql/database";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { openQuotaDatabase } from "#store/sql/open-quota-database.ts";

/** A database of its own for one test file; removed with `close`. */
export interface TestDatabase {
  readonly database: Database;
  readonly close: () => Promise<void>;
}

/** Writes to nowhere. */
export const silentLogger = createLogger({ service: "test", level: "silent" });

/** An empty SQLite file with every table of quota. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const folder = createTemporaryDirectory();
  const database = await openQuotaDatabase({
    dsn: undefined,
    sqlitePath: join(folder.path, "quota.db"),
    logger: silentLogger,
    poolMax: 1,
  });
  return {
    database,
    close: async () => {
      await database.close();
      folder.remove();
    },
  };
}

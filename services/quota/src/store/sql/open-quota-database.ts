import type { Logger } from "@tollgate/kit/logging/logger";
import type { Database } from "@tollgate/kit/sql/database";
import { openDatabase } from "@tollgate/kit/sql/database";
import { entities } from "./entities.ts";

/** Where the database is. */
export interface QuotaDatabaseOptions {
  /** Absent = the SQLite file. */
  readonly dsn?: string | undefined;
  readonly sqlitePath: string;
  readonly poolMax: number;
  readonly logger: Logger;
}

/** Opens quota's database and brings its schema up to date. */
export async function openQuotaDatabase(options: QuotaDatabaseOptions): Promise<Database> {
  return openDatabase({
    service: "quota",
    entities,
    migrations: {
      sqlite: new URL("migrations/sqlite", import.meta.url),
      mysql: new URL("migrations/mysql", import.meta.url),
      postgresql: new URL("migrations/postgresql", import.meta.url),
    },
    // What was acknowledged (a top-up, a grant) must survive a power cut as well, not only the end of the process.
    isDurable: true,
    ...options,
  });
}

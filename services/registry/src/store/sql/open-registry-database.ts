import type { Logger } from "@tollgate/kit/logging/logger";
import type { Database } from "@tollgate/kit/sql/database";
import { openDatabase } from "@tollgate/kit/sql/database";
import { registryEntities } from "./entities.ts";

/** Where the database is. */
export interface RegistryDatabaseOptions {
  /** Absent = the SQLite file. */
  readonly dsn?: string | undefined;
  readonly sqlitePath: string;
  readonly poolMax: number;
  readonly logger: Logger;
}

/** Opens this service's database and brings its schema up to date. */
export async function openRegistryDatabase(options: RegistryDatabaseOptions): Promise<Database> {
  const { dsn, sqlitePath, poolMax, logger } = options;
  return openDatabase({
    service: "registry",
    dsn,
    sqlitePath,
    entities: [...registryEntities],
    migrations: {
      sqlite: new URL("./migrations/sqlite", import.meta.url),
      mysql: new URL("./migrations/mysql", import.meta.url),
      postgresql: new URL("./migrations/postgresql", import.meta.url),
    },
    logger,
    poolMax,
  });
}

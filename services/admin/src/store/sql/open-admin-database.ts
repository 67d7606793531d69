import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Logger } from "@tollgate/kit/logging/logger";
import { type Database, openDatabase } from "@tollgate/kit/sql/database";
import { entities } from "./entities.ts";

/** Where the database is. */
export interface AdminDatabaseOptions {
  /** Absent = the SQLite file. */
  readonly dsn?: string | undefined;
  readonly sqlitePath: string;
  readonly poolMax: number;
  readonly logger: Logger;
}

/** The migrations of this service, one folder for each engine. */
const adminMigrations = {
  sqlite: new URL("migrations/sqlite", import.meta.url),
  mysql: new URL("migrations/mysql", import.meta.url),
  postgresql: new URL("migrations/postgresql", import.meta.url),
} as const;

/** Opens this service's database and brings its schema up to date. */
export async function openAdminDatabase(options: AdminDatabaseOptions): Promise<Database> {
  const { dsn, sqlitePath, poolMax, logger } = options;
  if (dsn === undefined || dsn === "") {
    mkdirSync(dirname(sqlitePath), { recursive: true });
  }
  return openDatabase({
    service: "admin",
    dsn,
    sqlitePath,
    entities: [...entities],
    migrations: adminMigrations,
    logger,
    poolMax,
  });
}

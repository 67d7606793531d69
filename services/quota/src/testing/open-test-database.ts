import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { createLogger } from "@tollgate/kit/logging/logger";
import { createMigration } from "@tollgate/kit/sql/create-migration";
import { openDatabase } from "@tollgate/kit/sql/database";
import type { Database } from "@tollgate/kit/sql/database";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { entities } from "#store/sql/entities.ts";

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
  const migrations = await migrationFolders(folder.path);
  const database = await openDatabase({
    service: "quota",
    sqlitePath: join(folder.path, "data", "quota.db"),
    entities,
    migrations,
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

async function migrationFolders(folder: string) {
  const real = join(import.meta.dirname, "../store/sql/migrations");
  if (existsSync(join(real, "sqlite"))) {
    return foldersIn(real);
  }
  symlinkSync(join(import.meta.dirname, "../../../../node_modules"), join(folder, "node_modules"));
  const migrations = foldersIn(folder);
  await createMigration({ service: "quota", name: "initial", entities, migrations });
  return migrations;
}

function foldersIn(root: string) {
  return {
    sqlite: join(root, "sqlite"),
    mysql: join(root, "mysql"),
    postgresql: join(root, "postgresql"),
  };
}

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { MikroORM, Options } from "@mikro-orm/sql";
import type { Entities, MigrationFolders } from "./orm-options.ts";
import { anyDriverOrm, commonOrmOptions, pathOf, snapshotName } from "./orm-options.ts";
import type { SqlDialect } from "./sql-dialect.ts";

/** A migration to write for every dialect. */
export interface MigrationOrder {
  readonly service: string;
  /** Snake case, part of the file name. */
  readonly name: string;
  readonly entities: Entities;
  readonly migrations: MigrationFolders;
}

const dialects: readonly SqlDialect[] = ["sqlite", "mysql", "postgresql"];

/**
 * Writes the migration that leads from the last one to the entities as they are now, for every dialect, and returns the
 * files written (none when nothing changed). Needs no server: the last state is the snapshot beside the migrations.
 */
export async function createMigration(order: MigrationOrder): Promise<readonly string[]> {
  if (!/^[a-z][a-z\d_]*$/u.test(order.name)) {
    throw new Error("the name of a migration is in snake_case");
  }
  const written: string[] = [];
  for (const dialect of dialects) {
    const folder = pathOf(order.migrations[dialect]);
    ensureSnapshot(folder);
    const common = commonOrmOptions({ ...order, migrationFolder: folder });
    const orm = await createOfflineOrm(dialect, {
      ...common,
      dbName: dialect === "sqlite" ? ":memory:" : order.service,
      ...(dialect === "mysql" ? { charset: "utf8mb4", collate: "utf8mb4_bin" } : {}),
    });
    const { fileName } = await orm.migrator.create(folder, false, false, order.name);
    await orm.close(true);
    if (fileName !== "") {
      written.push(join(folder, basename(fileName)));
    }
  }
  return written;
}

/** Before the first migration there is nothing: then the snapshot is an empty schema. */
function ensureSnapshot(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${snapshotName}.json`);
  if (!existsSync(path)) {
    writeFileSync(path, `${JSON.stringify({ namespaces: [], tables: [] })}\n`);
  }
}

async function createOfflineOrm(dialect: SqlDialect, options: Options): Promise<MikroORM> {
  const loose: object = options;
  switch (dialect) {
    case "sqlite": {
      const { MikroORM: Orm } = await import("@mikro-orm/sqlite");
      return anyDriverOrm(new Orm(loose));
    }
    case "mysql": {
      const { MikroORM: Orm } = await import("@mikro-orm/mysql");
      return anyDriverOrm(new Orm(loose));
    }
    case "postgresql": {
      const { MikroORM: Orm } = await import("@mikro-orm/postgresql");
      return anyDriverOrm(new Orm(loose));
    }
  }
}

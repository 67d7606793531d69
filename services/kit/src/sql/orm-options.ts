import { fileURLToPath } from "node:url";
import { Migrator } from "@mikro-orm/migrations";
import type { MikroORM, Options } from "@mikro-orm/sql";
import type { SqlDialect } from "./sql-dialect.ts";

/** The entities of a service, as its `store/sql/entities.ts` lists them. */
export type Entities = NonNullable<Options["entities"]>;

/** One folder of migrations per dialect. */
export type MigrationFolders = Readonly<Record<SqlDialect, URL | string>>;

/** The name of the file, beside the migrations, that holds the schema they lead to. */
export const snapshotName = "schema";

/** What every ORM of ours has in common, whatever the engine. */
export function commonOrmOptions({
  service,
  entities,
  migrationFolder,
}: {
  readonly service: string;
  readonly entities: Entities;
  readonly migrationFolder: URL | string;
}): Options {
  const path = pathOf(migrationFolder);
  return {
    entities,
    extensions: [Migrator],
    debug: false,
    forceUtcTimezone: true,
    discovery: { warnWhenNoEntities: false },
    migrations: {
      tableName: `${service}_migrations`,
      path,
      pathTs: path,
      glob: "Migration*.ts",
      snapshotName,
      // Otherwise applying a migration would write into the source tree.
      snapshotOnMigrate: false,
      emit: "ts",
      silent: true,
      disableForeignKeys: false,
    },
  };
}

/** The path of a folder given as a path or as a file URL. */
export function pathOf(folder: URL | string): string {
  return typeof folder === "string" && !folder.startsWith("file:") ? folder : fileURLToPath(folder);
}

/** The ORM of any driver: they differ only in the driver's own type, which nobody uses. */
export function anyDriverOrm(orm: object): MikroORM {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- callers pass what the driver's package has made
  return orm as MikroORM;
}

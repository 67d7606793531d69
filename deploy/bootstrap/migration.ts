import { relative } from "node:path";
import { createMigration } from "@tollgate/kit/sql/create-migration";

/** Writes the next migration of a service for every engine: `npm run migration -- <service> <name_in_snake_case>`. */
const [service, name] = process.argv.slice(2);
if (service === undefined || name === undefined) {
  process.stderr.write("Usage: npm run migration -- <service> <name_in_snake_case>\n");
  process.exit(64);
}
const store = new URL(`../../services/${service}/src/store/sql/`, import.meta.url);
const module: unknown = await import(new URL("entities.ts", store).href);
if (
  typeof module !== "object" ||
  module === null ||
  !("entities" in module) ||
  !Array.isArray(module.entities)
) {
  process.stderr.write(
    `services/${service}/src/store/sql/entities.ts exports no list "entities"\n`,
  );
  process.exit(65);
}
const files = await createMigration({
  service,
  name,
  entities: module.entities,
  migrations: {
    sqlite: new URL("migrations/sqlite", store),
    mysql: new URL("migrations/mysql", store),
    postgresql: new URL("migrations/postgresql", store),
  },
});
for (const file of files) {
  process.stdout.write(`${relative(process.cwd(), file)}\n`);
}
if (files.length === 0) {
  process.stdout.write("Nothing changed since the last migration.\n");
}

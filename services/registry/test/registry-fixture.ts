import type { Transport } from "@connectrpc/connect";
import { createInMemoryTransport } from "@tollgate/kit/grpc/in-memory-transport";
import { createLogger } from "@tollgate/kit/logging/logger";
import type { FakeClock } from "@tollgate/kit/testing/fake-clock";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import { readStoredFile, readStoredTables } from "@tollgate/kit/testing/read-stored";
import { openServerDatabase } from "@tollgate/kit/testing/server-database";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { readConfig } from "@tollgate/kit/config/config";
import { registryConfigSchema, registrySqlitePath } from "../src/config.ts";
import { createRegistryService } from "../src/service.ts";
import { registryEntities } from "../src/store/sql/entities.ts";
import { openRegistryDatabase } from "../src/store/sql/open-registry-database.ts";

/** Where a registry keeps what it has. */
interface RegistryPlace {
  readonly dataDir: string;
  /** Absent = an SQLite file in the folder. */
  readonly dsn: string | undefined;
  readonly remove: () => Promise<void>;
}

/** A registry with a database of its own and a clock that the test moves. */
export interface RegistryFixture {
  readonly transport: Transport;
  readonly clock: FakeClock;
  readonly place: RegistryPlace;
  /** Everything that is stored, as one text of its bytes. */
  readonly readStored: () => Promise<string>;
  /** Log lines so far, parsed. */
  readonly logLines: readonly Readonly<Record<string, unknown>>[];
  /** To be called once all tests are done; calling it again does nothing. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a registry, on SQLite or on the server that TEST_SQL_DSN names. What it keeps is removed when it is stopped, unless it is
 * another replica over what belongs to `sibling`.
 */
export async function startRegistry(
  sibling?: Pick<RegistryFixture, "place">,
): Promise<RegistryFixture> {
  const place = sibling?.place ?? (await makePlace());
  const { dataDir, dsn } = place;
  const clock = createFakeClock();
  const logLines: Readonly<Record<string, unknown>>[] = [];
  const output = { write: (line: string) => void logLines.push(JSON.parse(line)) };
  const logger = createLogger({ service: "registry", level: "debug", output });
  const config = readConfig(registryConfigSchema, { DATA_DIR: dataDir, SQL_DSN: dsn });
  const service = await createRegistryService(config, { logger, clock, version: "test" });
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopping ??= (async () => {
      await service.stop(new AbortController().signal);
      if (sibling === undefined) {
        await place.remove();
      }
    })();
    await stopping;
  };
  const transport = createInMemoryTransport(service.routes, logger);
  const readStored = async (): Promise<string> =>
    dsn === undefined
      ? readStoredFile(registrySqlitePath(config))
      : readStoredTables(
          await openRegistryDatabase({ dsn, sqlitePath: "", poolMax: 2, logger }),
          registryEntities.map(({ meta }) => meta.tableName),
        );
  return { transport, clock, place, logLines, readStored, stop };
}

async function makePlace(): Promise<RegistryPlace> {
  const directory = createTemporaryDirectory();
  const server = await openServerDatabase();
  return {
    dataDir: directory.path,
    dsn: server?.dsn,
    remove: async () => {
      await server?.drop();
      directory.remove();
    },
  };
}

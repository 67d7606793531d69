import type { Transport } from "@connectrpc/connect";
import { createInMemoryTransport } from "@tollgate/kit/grpc/in-memory-transport";
import { createLogger } from "@tollgate/kit/logging/logger";
import type { FakeClock } from "@tollgate/kit/testing/fake-clock";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { readConfig } from "@tollgate/kit/config/config";
import { registryConfigSchema } from "../src/config.ts";
import { createRegistryService } from "../src/service.ts";

/** A registry with a database of its own and a clock that the test moves. */
export interface RegistryFixture {
  readonly transport: Transport;
  readonly clock: FakeClock;
  readonly dataDir: string;
  /** Log lines so far, parsed. */
  readonly logLines: readonly Readonly<Record<string, unknown>>[];
  /** To be called once all tests are done; calling it again does nothing. */
  readonly stop: () => Promise<void>;
}

/** Starts a registry. Its files are removed when it is stopped, unless they belong to another one. */
export async function startRegistry(
  place: { readonly dataDir?: string; readonly sqlDsn?: string } = {},
): Promise<RegistryFixture> {
  const directory = place.dataDir === undefined ? createTemporaryDirectory() : undefined;
  const dataDir = place.dataDir ?? directory?.path ?? "";
  const clock = createFakeClock();
  const logLines: Readonly<Record<string, unknown>>[] = [];
  const output = { write: (line: string) => void logLines.push(JSON.parse(line)) };
  const logger = createLogger({ service: "registry", level: "debug", output });
  const config = readConfig(registryConfigSchema, { DATA_DIR: dataDir, SQL_DSN: place.sqlDsn });
  const service = await createRegistryService(config, { logger, clock, version: "test" });
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopping ??= service.stop(new AbortController().signal);
    await stopping;
    directory?.remove();
  };
  const transport = createInMemoryTransport(service.routes, logger);
  return { transport, clock, dataDir, logLines, stop };
}

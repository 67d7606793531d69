import { basename, dirname, extname, join } from "node:path";
import { defineConfig, env } from "@tollgate/kit/config/config";
import type { ConfigOf } from "@tollgate/kit/config/config";
import { dsnField, integerField, pathField, portField } from "@tollgate/kit/config/fields";
import { sqlReplacedVariables } from "@tollgate/kit/config/process-config";
import type { ReplacedVariable } from "@tollgate/kit/config/replaced-variables";
import { z } from "zod";

/** What the registry reads from its environment. */
export const registryConfigSchema = defineConfig({
  rpcHost: env("RPC_HOST", z.string().default("127.0.0.1"), "address to serve gRPC on"),
  rpcPort: env("RPC_PORT", portField().default(4002), "port to serve gRPC on"),
  dataDir: env("DATA_DIR", pathField().default("./data"), "folder of the database and the key"),
  sqlDsn: env("SQL_DSN", dsnField().optional(), "MySQL, MariaDB or PostgreSQL; unset = SQLite"),
  sqlitePath: env(
    "SQLITE_PATH",
    pathField().optional(),
    "SQLite file of the installation; the registry's own has -registry in its name",
  ),
  sqlConnectionsMax: env(
    "SQL_MAX_OPEN_CONNS",
    integerField({ min: 2, max: 10_000 }).default(10),
    "connections to the database server",
  ),
  secretKeyFile: env("SECRET_KEY_FILE", pathField().optional(), "file with the 32-byte secret key"),
});

/** The registry's configuration. */
export type RegistryConfig = ConfigOf<typeof registryConfigSchema>;

/** One API's variables that are the registry's matter and are replaced. */
export const registryReplacedVariables: readonly ReplacedVariable[] = [
  ...sqlReplacedVariables,
  {
    names: ["MEMORY_CACHE_ENABLED", "SYNC_FREQUENCY"],
    kind: "needless",
    instead: "every relay keeps the routing table in memory and is told of changes as they happen",
  },
  {
    names: [
      "ENABLE_METRIC",
      "METRIC_QUEUE_SIZE",
      "METRIC_SUCCESS_RATE_THRESHOLD",
      "METRIC_SUCCESS_CHAN_SIZE",
      "METRIC_FAIL_CHAN_SIZE",
    ],
    kind: "needless",
    instead:
      "failing channels always rest for a while; AutomaticDisableChannelEnabled switches dead ones off",
  },
];

/** The registry's own SQLite file beside the installation's: tollgate.db → tollgate-registry.db. */
export function registrySqlitePath({
  dataDir,
  sqlitePath,
}: Pick<RegistryConfig, "dataDir" | "sqlitePath">): string {
  const main = sqlitePath ?? join(dataDir, "tollgate.db");
  const extension = extname(main);
  return join(dirname(main), `${basename(main, extension)}-registry${extension}`);
}

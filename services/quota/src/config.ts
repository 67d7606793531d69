import { join } from "node:path";
import { defineConfig, env } from "@tollgate/kit/config/config";
import type { ConfigOf } from "@tollgate/kit/config/config";
import { integerField, pathField, portField, secondsField } from "@tollgate/kit/config/fields";
import { z } from "zod";

/** What quota reads from its environment. */
export const quotaConfigSchema = defineConfig({
  rpcHost: env("RPC_HOST", z.string().default("127.0.0.1"), "address to serve gRPC on"),
  rpcPort: env("RPC_PORT", portField().default(4001), "port to serve gRPC on"),
  dataDir: env("DATA_DIR", pathField().default("./data"), "folder of the database and the key"),
  sqlDsn: env("SQL_DSN", z.string().optional(), "MySQL, MariaDB or PostgreSQL; unset = SQLite"),
  sqlitePath: env(
    "SQLITE_PATH",
    pathField().optional(),
    "SQLite file; default tollgate.db in DATA_DIR",
  ),
  sqlConnectionsMax: env(
    "SQL_MAX_OPEN_CONNS",
    integerField({ min: 2, max: 10_000 }).default(20),
    "connections to the database server",
  ),
  secretKeyFile: env("SECRET_KEY_FILE", pathField().optional(), "file with the 32-byte secret key"),
  initialRootPassword: env(
    "INITIAL_ROOT_PASSWORD",
    z.string().optional(),
    "password of the root user to make at the first start",
  ),
  initialRootToken: env(
    "INITIAL_ROOT_TOKEN",
    z.string().optional(),
    "customer key of the root user to make at the first start",
  ),
  initialRootAccessToken: env(
    "INITIAL_ROOT_ACCESS_TOKEN",
    z.string().optional(),
    "management access token of the root user to set at the first start",
  ),
  admissionTtlSeconds: env(
    "ADMISSION_TTL_SECONDS",
    integerField({ min: 5, max: 86_400 }).default(300),
    "seconds that a relay may go on admitting calls without hearing from quota",
  ),
  logLevel: env(
    "LOG_LEVEL",
    z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
    "how much is logged",
  ),
  drainMs: env(
    "DRAIN_SECONDS",
    secondsField({ min: 0, max: 3600 }).default(30_000),
    "seconds that calls under way get at a stop",
  ),
});

/** Quota's configuration. */
export type QuotaConfig = ConfigOf<typeof quotaConfigSchema>;

/** The SQLite file of the installation. */
export function quotaSqlitePath({
  dataDir,
  sqlitePath,
}: Pick<QuotaConfig, "dataDir" | "sqlitePath">): string {
  return sqlitePath ?? join(dataDir, "tollgate.db");
}

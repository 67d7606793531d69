import { join } from "node:path";
import { defineConfig, env } from "@tollgate/kit/config/config";
import type { ConfigOf } from "@tollgate/kit/config/config";
import { dsnField, integerField, pathField, portField } from "@tollgate/kit/config/fields";
import { sqlReplacedVariables } from "@tollgate/kit/config/process-config";
import type { ReplacedVariable } from "@tollgate/kit/config/replaced-variables";
import { z } from "zod";
import { checkChosenSecret } from "#domain/api-key.ts";
import { keptDaysMin } from "#domain/log-window.ts";
import { checkPassword } from "#domain/password.ts";
import { checkAccessToken } from "#domain/user.ts";

/** What quota reads from its environment. */
export const quotaConfigSchema = defineConfig({
  rpcHost: env("RPC_HOST", z.string().default("127.0.0.1"), "address to serve gRPC on"),
  rpcPort: env("RPC_PORT", portField().default(4001), "port to serve gRPC on"),
  dataDir: env("DATA_DIR", pathField().default("./data"), "folder of the database and the key"),
  sqlDsn: env("SQL_DSN", dsnField().optional(), "MySQL, MariaDB or PostgreSQL; unset = SQLite"),
  sqlitePath: env(
    "SQLITE_PATH",
    pathField().optional(),
    "SQLite file of the installation; unset = tollgate.db in DATA_DIR",
  ),
  sqlConnectionsMax: env(
    "SQL_MAX_OPEN_CONNS",
    integerField({ min: 2, max: 10_000 }).default(20),
    "connections to the database server",
  ),
  logSqlDsn: env(
    "LOG_SQL_DSN",
    dsnField().optional(),
    "second database, which calls that LOG_RETENTION_DAYS removes are moved to; unset = they are deleted",
  ),
  logRetentionDays: env(
    "LOG_RETENTION_DAYS",
    integerField({ min: 0, max: 3650 })
      .refine((days) => days === 0 || days >= keptDaysMin, {
        error: `must be 0 or at least ${keptDaysMin}: relays may send what happened three days ago`,
      })
      .default(0),
    "days that calls stay in the database of SQL_DSN, 4 or more; 0 = for ever",
  ),
  secretKeyFile: env("SECRET_KEY_FILE", pathField().optional(), "file with the 32-byte secret key"),
  initialRootPassword: env(
    "INITIAL_ROOT_PASSWORD",
    fieldOf(checkPassword).optional(),
    "password of the root user to make at the first start",
  ),
  initialRootToken: env(
    "INITIAL_ROOT_TOKEN",
    fieldOf(checkChosenSecret).optional(),
    "customer key of the root user to make at the first start",
  ),
  initialRootAccessToken: env(
    "INITIAL_ROOT_ACCESS_TOKEN",
    fieldOf(checkAccessToken).optional(),
    "management access token of the root user to set at the first start",
  ),
  admissionTtlSeconds: env(
    "ADMISSION_TTL_SECONDS",
    integerField({ min: 5, max: 86_400 }).default(300),
    "how long a relay may go on admitting calls without hearing from quota, in seconds",
  ),
  forceCloseAfterHours: env(
    "FORCE_CLOSE_AFTER_HOURS",
    integerField({ min: 0, max: 8760 }).default(0),
    "hours of silence after which a relay's journal is given up as lost; 0 = only an operator does it",
  ),
});

/** Quota's configuration. */
export type QuotaConfig = ConfigOf<typeof quotaConfigSchema>;

/** One API's variables that are quota's matter and are replaced. */
export const quotaReplacedVariables: readonly ReplacedVariable[] = [
  ...sqlReplacedVariables,
  {
    names: ["BATCH_UPDATE_ENABLED", "BATCH_UPDATE_INTERVAL"],
    kind: "needless",
    instead: "usage is always settled in batches, from a journal on disk that survives a crash",
  },
];

/** The SQLite file of the installation. */
export function quotaSqlitePath({
  dataDir,
  sqlitePath,
}: Pick<QuotaConfig, "dataDir" | "sqlitePath">): string {
  return sqlitePath ?? join(dataDir, "tollgate.db");
}

/** A text that must pass the domain's own rule, so that a wrong one is told with all other violations. */
function fieldOf(check: (text: string) => unknown): z.ZodType<string, string> {
  return z.string().superRefine((text, context) => {
    try {
      check(text);
    } catch (error) {
      // Translates: the fault's sentence is the violation.
      context.addIssue(error instanceof Error ? error.message : "is not valid");
    }
  });
}

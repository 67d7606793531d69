import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type ConfigOf, defineConfig, env } from "@tollgate/kit/config/config";
import {
  dsnField,
  integerField,
  networkListField,
  pathField,
  portField,
  urlField,
} from "@tollgate/kit/config/fields";
import { sqlReplacedVariables } from "@tollgate/kit/config/process-config";
import type { ReplacedVariable } from "@tollgate/kit/config/replaced-variables";
import { paymentSecretsField } from "./payment-secrets.ts";

const portalDirDefault = fileURLToPath(new URL("../../../web/dist/browser", import.meta.url));

/** Every environment variable that the admin service reads. */
export const adminConfigSchema = defineConfig({
  host: env("HOST", z.string().default("0.0.0.0"), "address to listen on"),
  port: env("PORT", portField().default(3001), "port of the management API and the portal"),
  dataDir: env("DATA_DIR", pathField().default("./data"), "folder of the service's files"),
  sqlDsn: env("SQL_DSN", dsnField().optional(), "MySQL, MariaDB or PostgreSQL; unset = SQLite"),
  sqlitePath: env(
    "SQLITE_PATH",
    pathField().optional(),
    "SQLite file of the installation; admin's own has -admin in its name",
  ),
  sqlPoolMax: env(
    "SQL_MAX_OPEN_CONNS",
    integerField({ min: 1, max: 10_000 }).default(20),
    "most database connections",
  ),
  secretKeyFile: env("SECRET_KEY_FILE", pathField().optional(), "file with the 32-byte secret key"),
  sessionSecret: env(
    "SESSION_SECRET",
    z.string().optional(),
    "signs session cookies; give every replica the same; unset = a random one in DATA_DIR",
  ),
  trustedProxies: env(
    "TRUSTED_PROXIES",
    networkListField(),
    "proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, separated by commas",
  ),
  apiRateLimit: env(
    "GLOBAL_API_RATE_LIMIT",
    integerField({ min: 0, max: 1_000_000 }).default(480),
    "calls of the management API in 180 seconds from one address, 0 = no limit",
  ),
  portalDir: env("PORTAL_DIR", pathField().default(portalDirDefault), "folder of the built portal"),
  relayBaseUrl: env(
    "RELAY_BASE_URL",
    urlField().optional(),
    "public URL of the relay, unset = the same origin as the portal",
  ),
  paymentSecrets: env(
    "PAYMENT_WEBHOOK_SECRETS",
    paymentSecretsField(),
    "secrets that payment providers sign their events with, provider=secret separated by commas or a JSON object",
  ),
  theme: env(
    "THEME",
    z.string().optional(),
    "theme that /api/status names until the option Theme is saved; the portal looks the same",
  ),
  quotaAddress: env("QUOTA_ADDRESS", z.string().default("127.0.0.1:4001"), "quota, host:port"),
  registryAddress: env(
    "REGISTRY_ADDRESS",
    z.string().default("127.0.0.1:4002"),
    "registry, host:port",
  ),
  relayAddress: env("RELAY_ADDRESS", z.string().default("127.0.0.1:4003"), "relay, host:port"),
  schedulerAddress: env(
    "SCHEDULER_ADDRESS",
    z.string().default("127.0.0.1:4004"),
    "scheduler, host:port",
  ),
});

/** The admin service's configuration. */
export type AdminConfig = ConfigOf<typeof adminConfigSchema>;

/** One API's variables that are admin's matter and are replaced. */
export const adminReplacedVariables: readonly ReplacedVariable[] = [
  ...sqlReplacedVariables,
  {
    names: ["GLOBAL_WEB_RATE_LIMIT"],
    kind: "unsupported",
    instead: "files of the portal are not limited; GLOBAL_API_RATE_LIMIT holds for the API",
  },
  {
    names: ["REACT_APP_VERSION"],
    kind: "needless",
    instead: "the portal shows the version that /api/status tells",
  },
];

/** The SQLite file of this service: beside the installation's own, with "-admin" in its name. */
export function adminSqlitePath({
  sqlitePath,
  dataDir,
}: Pick<AdminConfig, "sqlitePath" | "dataDir">): string {
  const path = sqlitePath ?? join(dataDir, "tollgate.db");
  const extension = extname(path);
  return join(dirname(path), `${basename(path, extension)}-admin${extension || ".db"}`);
}

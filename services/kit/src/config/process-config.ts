import { z } from "zod";
import { type ConfigOf, defineConfig, env } from "./config.ts";
import { booleanField, portField, secondsField } from "./fields.ts";
import type { ReplacedVariable } from "./replaced-variables.ts";

const logLevels = ["trace", "debug", "info", "warn", "error", "silent"] as const;

/** What every process reads, whatever it serves. */
export const processConfigSchema = defineConfig({
  logLevel: env(
    "LOG_LEVEL",
    z.enum(logLevels, { error: `must be one of ${logLevels.join(", ")}` }).default("info"),
    "least severe level that is logged",
  ),
  isDebug: env(
    "DEBUG",
    booleanField(),
    "raises LOG_LEVEL to debug; bodies are never logged and no limit is lifted",
  ),
  drainMs: env(
    "DRAIN_SECONDS",
    secondsField({ min: 0, max: 3600 }).default(30_000),
    "how long what is under way may go on after SIGTERM",
  ),
  metricsHost: env(
    "METRICS_HOST",
    z.string().min(1).default("127.0.0.1"),
    "address that METRICS_PORT listens on",
  ),
  metricsPort: env(
    "METRICS_PORT",
    portField().default(0),
    "port of `GET /metrics` for Prometheus, without authentication; 0 = none",
  ),
});

/** The settings of a process. */
export type ProcessConfig = ConfigOf<typeof processConfigSchema>;

/** The level to log at. */
export function effectiveLogLevel({
  logLevel,
  isDebug,
}: Pick<ProcessConfig, "logLevel" | "isDebug">): ProcessConfig["logLevel"] {
  return isDebug && logLevel !== "trace" ? "debug" : logLevel;
}

/** What concerns the process itself and is replaced. */
export const processReplacedVariables: readonly ReplacedVariable[] = [
  { names: ["GIN_MODE"], kind: "needless", instead: "LOG_LEVEL says how much is logged" },
  {
    names: ["DEBUG_SQL"],
    kind: "unsupported",
    instead: "statements are not logged; the database server can do that",
  },
  {
    names: ["NODE_TYPE"],
    kind: "needless",
    instead: "replicas are equal, and one migrates the database while the others wait",
  },
  {
    names: ["ONLY_ONE_LOG_FILE"],
    kind: "unsupported",
    instead: "--log-dir writes one file a day; redirect stdout to have a single one",
  },
  { names: ["TZ"], kind: "needless", instead: "logs and daily figures are in UTC" },
];

/** What concerns the connections to a database and is replaced. */
export const sqlReplacedVariables: readonly ReplacedVariable[] = [
  {
    names: ["SQL_MAX_IDLE_CONNS"],
    kind: "needless",
    instead: "connections are opened as they are needed, at most SQL_MAX_OPEN_CONNS",
  },
  {
    names: ["SQL_MAX_LIFETIME", "SQL_CONN_MAX_LIFETIME"],
    kind: "unsupported",
    instead: "connections have no highest age; one that the server closes is replaced",
  },
  {
    names: ["SQLITE_BUSY_TIMEOUT"],
    kind: "needless",
    instead: "a file has one process, whose transactions queue for it",
  },
];

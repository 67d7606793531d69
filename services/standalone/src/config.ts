import { type ConfigOf, defineConfig, env } from "@tollgate/kit/config/config";
import { booleanField, pathField, portField, secondsField } from "@tollgate/kit/config/fields";
import { z } from "zod";

/** What the one-process form needs beside the five services' own settings. */
export const standaloneConfigSchema = defineConfig({
  port: env("PORT", portField().default(3000), "port of the API and the portal, default 3000"),
  host: env("HOST", z.string().default("0.0.0.0"), "address to listen on, default 0.0.0.0"),
  dataDir: env("DATA_DIR", pathField().default("./data"), "folder for all state, default ./data"),
  logLevel: env(
    "LOG_LEVEL",
    z
      .enum(["trace", "debug", "info", "warn", "error", "silent"], {
        error: "must be one of trace, debug, info, warn, error, silent",
      })
      .default("info"),
    "least severe level that is logged, default info",
  ),
  drainMs: env(
    "DRAIN_SECONDS",
    secondsField({ min: 0, max: 3600 }).default(30_000),
    "seconds that open streams may go on after SIGTERM, default 30",
  ),
  isDebug: env("DEBUG", booleanField(), "One API's switch for verbose logs, default false"),
});

export type StandaloneConfig = ConfigOf<typeof standaloneConfigSchema>;

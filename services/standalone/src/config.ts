import { type ConfigOf, defineConfig, env } from "@tollgate/kit/config/config";
import { pathField, portField } from "@tollgate/kit/config/fields";
import { z } from "zod";

/** What the one-process form needs beside the five services' own settings. */
export const standaloneConfigSchema = defineConfig({
  port: env("PORT", portField().default(3000), "port of the API and the portal"),
  host: env("HOST", z.string().default("0.0.0.0"), "address to listen on"),
  dataDir: env("DATA_DIR", pathField().default("./data"), "folder of all state"),
});

export type StandaloneConfig = ConfigOf<typeof standaloneConfigSchema>;

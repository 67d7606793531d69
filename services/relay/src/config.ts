import type { ConfigOf } from "@tollgate/kit/config/config";
import { defineConfig, env } from "@tollgate/kit/config/config";
import {
  booleanField,
  integerField,
  networkListField,
  pathField,
  portField,
  secondsField,
  urlField,
} from "@tollgate/kit/config/fields";
import type { ReplacedVariable } from "@tollgate/kit/config/replaced-variables";
import { z } from "zod";
import { durabilityLevels } from "#ledgering/durability.ts";

const mebibyte = 1024 * 1024;

/** Every environment variable that the relay reads. */
export const relayConfigSchema = defineConfig({
  host: env("HOST", z.string().default("0.0.0.0"), "address to serve HTTP on"),
  port: env("PORT", portField().default(3000), "port to serve HTTP on"),
  rpcHost: env("RPC_HOST", z.string().default("127.0.0.1"), "address to serve gRPC on"),
  rpcPort: env("RPC_PORT", portField().default(4003), "port to serve gRPC on"),
  quotaAddress: env(
    "QUOTA_ADDRESS",
    z.string().default("127.0.0.1:4001"),
    "host:port of quota, several separated by commas",
  ),
  registryAddress: env(
    "REGISTRY_ADDRESS",
    z.string().default("127.0.0.1:4002"),
    "host:port of the registry, several separated by commas",
  ),
  dataDir: env("DATA_DIR", pathField().default("./data"), "folder of the journal and the key"),
  secretKeyFile: env("SECRET_KEY_FILE", pathField().optional(), "file with the 32-byte secret key"),
  drainMs: env(
    "DRAIN_SECONDS",
    secondsField({ min: 0, max: 3600 }).default(30_000),
    "how long what is under way may go on after SIGTERM",
  ),
  bodyBytesMax: env(
    "RELAY_BODY_BYTES_MAX",
    integerField({ min: 1024, max: 1024 * mebibyte }).default(32 * mebibyte),
    "largest request body, in bytes",
  ),
  trustedProxies: env(
    "TRUSTED_PROXIES",
    networkListField(),
    "proxies whose X-Forwarded-For is believed, separated by commas",
  ),
  callMs: env(
    "RELAY_TIMEOUT",
    secondsField({ min: 0, max: 86_400 }).default(0),
    "bound of a whole upstream call, 0 = none beside 60 idle seconds",
  ),
  proxyUrl: env("RELAY_PROXY", urlField().optional(), "proxy for all calls of upstreams"),
  httpProxyUrl: env(
    "HTTP_PROXY",
    proxyField().optional(),
    "proxy for upstreams at http:// addresses, where RELAY_PROXY is not set",
  ),
  httpsProxyUrl: env(
    "HTTPS_PROXY",
    proxyField().optional(),
    "proxy for upstreams at https:// addresses, where RELAY_PROXY is not set",
  ),
  noProxy: env(
    "NO_PROXY",
    z.string().optional(),
    "hosts that HTTP_PROXY and HTTPS_PROXY do not concern, separated by commas; this machine never",
  ),
  lowerHttpProxyUrl: env("http_proxy", proxyField().optional(), "where HTTP_PROXY is not set"),
  lowerHttpsProxyUrl: env("https_proxy", proxyField().optional(), "where HTTPS_PROXY is not set"),
  lowerNoProxy: env("no_proxy", z.string().optional(), "where NO_PROXY is not set"),
  showUsageAlways: env(
    "ENFORCE_INCLUDE_USAGE",
    booleanField(),
    "clients always get the usage of a stream",
  ),
  testPrompt: env(
    "TEST_PROMPT",
    z.string().default("Output only your specific model name with no additional text."),
    "prompt of channel tests",
  ),
  starvedMs: env(
    "RELAY_STARVED_MS",
    integerField({ min: 0, max: 1900 }).default(500),
    "how long a call waits for money that other relays give back, in milliseconds",
  ),
  durability: env(
    "JOURNAL_DURABILITY",
    z
      .enum(durabilityLevels, { error: `must be one of ${durabilityLevels.join(", ")}` })
      .default("local"),
    "what a call's end waits for: a write, the disk, or the disk and quota",
  ),
  journalFreeBytesMin: env(
    "JOURNAL_FREE_BYTES_MIN",
    integerField({ min: mebibyte }).default(256 * mebibyte),
    "with less free disk space, in bytes, no new call is admitted",
  ),
});

/** The usual forms of these variables: a URL, or host:port. */
function proxyField(): z.ZodType<string, string> {
  return z
    .string()
    .transform((text) => (text.includes("://") ? text : `http://${text}`))
    .pipe(urlField())
    .meta({ unit: "URL or host:port" });
}

/** The relay's configuration. */
export type RelayConfig = ConfigOf<typeof relayConfigSchema>;

/** One API's variables that are the relay's matter and are replaced. */
export const relayReplacedVariables: readonly ReplacedVariable[] = [
  {
    names: ["TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"],
    kind: "needless",
    instead: "encodings come with the relay: nothing is downloaded",
  },
  {
    names: ["USER_CONTENT_REQUEST_PROXY", "USER_CONTENT_REQUEST_TIMEOUT"],
    kind: "needless",
    instead: "pictures are not fetched here; their addresses go to the upstream",
  },
  {
    names: ["GEMINI_SAFETY_SETTING", "GEMINI_VERSION"],
    kind: "unsupported",
    instead:
      "Gemini is called through its OpenAI interface, with the safety settings of the account",
  },
  {
    names: ["FRONTEND_BASE_URL"],
    kind: "unsupported",
    instead: "the relay answers API paths only; a reverse proxy leads browsers to the portal",
  },
];

import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { startProcess, type LocalProcess } from "@tollgate/local/child-process";
import { freePort } from "@tollgate/local/free-port";
import { type PrivateMariaDb, startMariaDb } from "@tollgate/local/mariadb";
import { type PrivateRedis, startRedis } from "@tollgate/local/redis";
import { createAdminClient } from "./admin-client.ts";
import {
  type Platform,
  PAYMENT_SECRET,
  ROOT_ACCESS_TOKEN,
  ROOT_KEY,
  ROOT_PASSWORD,
  type ServiceName,
} from "./platform.ts";

const ORDER: readonly ServiceName[] = ["quota", "registry", "relay", "scheduler", "admin"];

/** The split form with what stands behind it, for those who look there. */
export interface SplitPlatform extends Platform {
  readonly database: PrivateMariaDb;
  readonly redis: PrivateRedis;
  /** The environment of a service, for a further process of it. */
  readonly environmentOf: (service: ServiceName) => Readonly<Record<string, string>>;
  processes(): readonly { readonly name: ServiceName; readonly pid: number }[];
}

/** Five processes over gRPC on MariaDB and Redis, as production runs them. */
export async function startSplit(
  env: Readonly<Record<string, string>> = {},
): Promise<SplitPlatform> {
  const folder = createTemporaryDirectory();
  // As a secret that is mounted in production: a named file must exist, no service makes it.
  const secretKeyFile = join(folder.path, "secret.key");
  writeFileSync(secretKeyFile, randomBytes(32).toString("hex"), { mode: 0o600 });
  const [database, redis] = await Promise.all([startMariaDb(), startRedis()]);
  const dsn = database.createDatabase("tollgate");
  const ports = {
    quota: await freePort(),
    registry: await freePort(),
    relay: await freePort(),
    scheduler: await freePort(),
    relayHttp: await freePort(),
    adminHttp: await freePort(),
  };
  const relayUrl = `http://127.0.0.1:${ports.relayHttp}`;
  const adminUrl = `http://127.0.0.1:${ports.adminHttp}`;
  const environmentOf = (service: ServiceName): Readonly<Record<string, string>> => {
    const dataDir = join(folder.path, service);
    mkdirSync(dataDir, { recursive: true });
    return {
      HOST: "127.0.0.1",
      RPC_HOST: "127.0.0.1",
      DATA_DIR: dataDir,
      SECRET_KEY_FILE: secretKeyFile,
      SQL_DSN: dsn,
      REDIS_CONN_STRING: redis.url,
      QUOTA_ADDRESS: `127.0.0.1:${ports.quota}`,
      REGISTRY_ADDRESS: `127.0.0.1:${ports.registry}`,
      RELAY_ADDRESS: `127.0.0.1:${ports.relay}`,
      SCHEDULER_ADDRESS: `127.0.0.1:${ports.scheduler}`,
      RELAY_BASE_URL: relayUrl,
      INITIAL_ROOT_TOKEN: ROOT_KEY,
      INITIAL_ROOT_ACCESS_TOKEN: ROOT_ACCESS_TOKEN,
      INITIAL_ROOT_PASSWORD: ROOT_PASSWORD,
      PAYMENT_WEBHOOK_SECRETS: `acme=${PAYMENT_SECRET}`,
      GLOBAL_API_RATE_LIMIT: "0",
      DRAIN_SECONDS: "5",
      PORT: String(service === "admin" ? ports.adminHttp : ports.relayHttp),
      RPC_PORT: String(service === "admin" ? 0 : ports[service]),
      ...env,
    };
  };
  const processes = new Map<ServiceName, LocalProcess>();
  let earlierOutput = "";
  const start = (service: ServiceName): void => {
    processes.set(
      service,
      startProcess({ program: `services/${service}/src/main.ts`, env: environmentOf(service) }),
    );
  };
  const ready = async (): Promise<void> => {
    await processes.get("relay")?.waitForHttp(`${relayUrl}/readyz`, 30_000);
    await processes.get("admin")?.waitForHttp(`${adminUrl}/readyz`, 30_000);
  };
  const stopBackEnd = async (): Promise<void> => {
    await Promise.all([database.stop(), redis.stop()]);
    folder.remove();
  };
  for (const service of ORDER) {
    start(service);
  }
  try {
    await ready();
  } catch (error) {
    // Nobody gets a platform to stop: what runs already would outlive the test.
    await Promise.all([...processes.values()].map(async (one) => one.kill()));
    await stopBackEnd();
    throw error;
  }
  return {
    form: "split",
    database,
    redis,
    environmentOf,
    relayUrl,
    adminUrl,
    rootKey: ROOT_KEY,
    rootPassword: ROOT_PASSWORD,
    admin: createAdminClient(adminUrl, ROOT_ACCESS_TOKEN),
    async crash(service) {
      const victim = processes.get(service);
      await victim?.kill();
      earlierOutput += victim?.output() ?? "";
      start(service);
      // The relay and the portal may be ready all along, without the one that was killed.
      await processes.get(service)?.waitForOutput(new RegExp(`"${service} started"`, "u"), 30_000);
      await ready();
    },
    output: () => earlierOutput + [...processes.values()].map((one) => one.output()).join(""),
    relayPid: () => processes.get("relay")?.pid ?? -1,
    pids: () => [...processes.values()].map(({ pid }) => pid),
    processes: () => [...processes].map(([name, { pid }]) => ({ name, pid })),
    async stop() {
      for (const service of ORDER.toReversed()) {
        await processes.get(service)?.terminate(20_000);
      }
      await stopBackEnd();
    },
  };
}

import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseCommandLine } from "@tollgate/kit/config/command-line";
import { exitOnConfigError } from "@tollgate/kit/config/config";
import { readEnvironment } from "@tollgate/kit/config/read-environment";
import { loadSecretKey } from "@tollgate/kit/secrets/secret-key";
import { ensurePackages } from "./ensure-packages.ts";
import { startMariaDb } from "./mariadb.ts";
import { prefixLines } from "./prefix-lines.ts";
import { startRedis } from "./redis.ts";

/**
 * `npm run start:split`: the five services as processes of their own on this machine, for development. Uses SQL_DSN and
 * REDIS_CONN_STRING when they are set, else private servers; the database stays in DATA_DIR.
 */
const SERVICES = ["quota", "registry", "relay", "scheduler", "admin"] as const;
type ServiceName = (typeof SERVICES)[number];
type BackEnd = Readonly<Record<string, string>>;

const commandLine = parseCommandLine(process.argv.slice(2), {
  name: "tollgate-split",
  version: "0.1.0",
  summary:
    "Tollgate as five processes on this machine. The API is on PORT, the portal on the port after it.",
});
if (commandLine.kind !== "run") {
  const isInvalid = commandLine.kind === "invalid";
  (isInvalid ? process.stderr : process.stdout).write(commandLine.text);
  process.exit(isInvalid ? 64 : 0);
}
const environment = exitOnConfigError(() =>
  readEnvironment({ environment: process.env, envFile: ".env" }),
);
const relayPort = commandLine.port ?? Number(environment["PORT"] ?? 3000);
const dataDir = resolve(environment["DATA_DIR"] ?? "./data/split");
const stops: (() => Promise<unknown>)[] = [];
let isStopping = false;

const children = new Map<ServiceName, ChildProcess>();
const opening = openBackEnd();
process.on("SIGTERM", onSignal);
process.on("SIGINT", onSignal);
try {
  startServices(await opening);
} catch (error) {
  say(`start failed: ${error instanceof Error ? error.message : String(error)}`);
  await stopAll(1);
}

function startServices(backEnd: BackEnd): void {
  if (isStopping) {
    return;
  }
  const secretKeyFile = environment["SECRET_KEY_FILE"] ?? join(dataDir, "secret.key");
  if (environment["SECRET_KEY_FILE"] === undefined) {
    // One key for all five; each would otherwise make its own or, told of a file, demand that it exists.
    loadSecretKey({ dataDir });
  }
  for (const service of SERVICES) {
    children.set(service, startService(service, { ...backEnd, SECRET_KEY_FILE: secretKeyFile }));
  }
  say(`API     http://localhost:${relayPort}/v1`);
  say(`Portal  http://localhost:${relayPort + 1}`);
}

async function openBackEnd(): Promise<BackEnd> {
  const given = {
    dsn: environment["SQL_DSN"] ?? "",
    redis: environment["REDIS_CONN_STRING"] ?? "",
  };
  const progress = { show: () => undefined, print: say };
  const missing = await ensurePackages(
    [
      ...(given.dsn === "" ? ["mariadb" as const] : []),
      ...(given.redis === "" ? ["redis" as const] : []),
    ],
    progress,
  );
  if (missing !== undefined) {
    process.stderr.write(`${missing}\nOr set SQL_DSN and REDIS_CONN_STRING.\n`);
    process.exit(1);
  }
  return {
    SQL_DSN: given.dsn === "" ? await privateDatabase() : given.dsn,
    REDIS_CONN_STRING: given.redis === "" ? await privateRedis() : given.redis,
  };
}

async function privateDatabase(): Promise<string> {
  const database = await startMariaDb(join(dataDir, "mariadb"));
  stops.push(() => database.stop());
  say(`private MariaDB on port ${database.port}`);
  return database.createDatabase("tollgate");
}

async function privateRedis(): Promise<string> {
  const redis = await startRedis({ isDetached: true });
  stops.push(() => redis.stop());
  say(`private Redis on port ${redis.port}`);
  return redis.url;
}

function startService(service: ServiceName, common: BackEnd): ChildProcess {
  const ownDataDir = join(dataDir, service);
  mkdirSync(ownDataDir, { recursive: true });
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, `../../services/${service}/src/main.ts`)],
    {
      stdio: ["ignore", "pipe", "pipe"],
      // Its own group: Ctrl-C reaches it through here, in the right order.
      detached: true,
      env: {
        ...environment,
        ...common,
        DATA_DIR: ownDataDir,
        RELAY_BASE_URL: environment["RELAY_BASE_URL"] ?? `http://localhost:${relayPort}`,
        PORT: String(service === "admin" ? relayPort + 1 : relayPort),
      },
    },
  );
  prefixLines(child, service);
  child.once("exit", (code) => {
    if (!isStopping) {
      say(`${service} ended with ${code}; stopping the others`);
      void stopAll(1);
    }
  });
  return child;
}

/** The second signal is passed to every service, which ends at once by it. */
function onSignal(): void {
  if (!isStopping) {
    void stopAll(0);
    return;
  }
  for (const child of children.values()) {
    child.kill("SIGTERM");
  }
}

/** Stops in reverse order: the portal and the relay before what they lean on. */
async function stopAll(code: number): Promise<void> {
  if (isStopping) {
    return;
  }
  isStopping = true;
  // What is just starting is on the list of what to stop only when it has started.
  await Promise.allSettled([opening]);
  for (const service of SERVICES.toReversed()) {
    const child = children.get(service);
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((done) => {
        child.once("exit", done);
      });
      child.kill("SIGTERM");
      await ended;
    }
  }
  for (const stop of stops.toReversed()) {
    await stop();
  }
  process.exit(code);
}

function say(line: string): void {
  process.stdout.write(`split      │ ${line}\n`);
}

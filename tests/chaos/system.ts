import { spawnSync } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type PrivateMariaDb, startMariaDb } from "@tollgate/local/mariadb";
import { type PrivateRedis, startRedis } from "@tollgate/local/redis";
import {
  ROOT_ACCESS_TOKEN,
  ROOT_KEY,
  ROOT_PASSWORD,
  type ServiceName,
} from "../e2e/harness/platform.ts";
import { type ChaosLink, openChaosLink } from "./chaos-link.ts";
import { type KeptProcess, keepProcess } from "./kept-process.ts";

const RELAYS = 3;
const QUOTAS = 2;
const triesMax = 5;

/** A server that can be killed and started again on the port that its clients know. */
export interface KeptServer {
  pid(): number;
  /** SIGKILL. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** The whole of Tollgate as processes, with a link on every edge that faults are played on. */
export interface System {
  readonly relays: readonly KeptProcess[];
  readonly quotas: readonly KeptProcess[];
  /** Registry, scheduler and admin. */
  readonly control: readonly KeptProcess[];
  readonly processes: () => readonly KeptProcess[];
  readonly links: readonly ChaosLink[];
  readonly mariadb: KeptServer;
  readonly redis: KeptServer;
  readonly relayUrls: readonly string[];
  readonly adminUrl: string;
  /** Runs statements as the database's root, beside the system. */
  sql(statements: string): string;
  /** The folder that holds every file of every process. */
  readonly folder: string;
  readonly redisUrl: () => string;
  /** Every row as text. */
  dumpDatabase(): Buffer;
  stop(): Promise<void>;
}

/** Starts everything; `folder` must be empty. What it started ends with this process at the latest. */
export async function startSystem(folder: string): Promise<System> {
  const databases = await startServers(folder);
  const started: KeptProcess[] = [];
  process.once("exit", () => {
    for (const pid of [...started, databases.mariadb, databases.redis].map((one) => one.pid())) {
      killNow(pid);
    }
  });
  const links: ChaosLink[] = [];
  const link = async (name: string, port: number): Promise<ChaosLink> => {
    const opened = await openChaosLink(name, port);
    links.push(opened);
    return opened;
  };
  const control = await link("control>mariadb", databases.mariadbPort());
  const redis = await link("services>redis", databases.redisPort());
  const secretKeyFile = join(folder, "secret.key");
  writeFileSync(secretKeyFile, randomBytes(32).toString("hex"), { mode: 0o600 });
  const ports = await choosePorts();
  const common = {
    HOST: "127.0.0.1",
    RPC_HOST: "127.0.0.1",
    SECRET_KEY_FILE: secretKeyFile,
    SQL_DSN: dsnOf(control.port),
    REDIS_CONN_STRING: `redis://127.0.0.1:${redis.port}`,
    QUOTA_ADDRESS: listOf(ports.quotas),
    REGISTRY_ADDRESS: listOf([ports.registry]),
    RELAY_ADDRESS: listOf(ports.relays.map(({ rpc }) => rpc)),
    SCHEDULER_ADDRESS: listOf([ports.scheduler]),
    RELAY_BASE_URL: `http://127.0.0.1:${ports.relays[0]?.http}`,
    INITIAL_ROOT_TOKEN: ROOT_KEY,
    INITIAL_ROOT_ACCESS_TOKEN: ROOT_ACCESS_TOKEN,
    INITIAL_ROOT_PASSWORD: ROOT_PASSWORD,
    GLOBAL_API_RATE_LIMIT: "0",
    // The address that a client names is the nonce of its call: it stands in every record of the call.
    TRUSTED_PROXIES: "127.0.0.1/32",
    DRAIN_SECONDS: "20",
  };
  const logs = join(folder, "logs");
  mkdirSync(logs);
  const keep = (service: ServiceName, name: string, own: Listening): KeptProcess => {
    const dataDir = join(folder, name);
    mkdirSync(dataDir);
    return keepProcess({
      name,
      program: `services/${service}/src/main.ts`,
      port: own.http ?? own.rpc,
      logPath: join(logs, `${name}.log`),
      env: {
        ...common,
        DATA_DIR: dataDir,
        PORT: String(own.http ?? 0),
        RPC_PORT: String(own.rpc),
        ...own.env,
      },
    });
  };
  const quotas = await Promise.all(
    ports.quotas.map(async (rpc, index) => {
      const name = `quota-${index + 1}`;
      const edge = await link(`${name}>mariadb`, databases.mariadbPort());
      return keep("quota", name, { rpc, env: { SQL_DSN: dsnOf(edge.port) } });
    }),
  );
  const relays = await Promise.all(
    ports.relays.map(async (own, index) => {
      const name = `relay-${index + 1}`;
      const edges = await Promise.all(
        ports.quotas.map(async (port, number) => link(`${name}>quota-${number + 1}`, port)),
      );
      const registry = await link(`${name}>registry`, ports.registry);
      const env = {
        QUOTA_ADDRESS: listOf(edges.map(({ port }) => port)),
        REGISTRY_ADDRESS: listOf([registry.port]),
      };
      return keep("relay", name, { ...own, env });
    }),
  );
  const controls = [
    keep("registry", "registry", { rpc: ports.registry }),
    keep("scheduler", "scheduler", { rpc: ports.scheduler }),
    keep("admin", "admin", { rpc: 0, http: ports.admin }),
  ];
  databases.onMoved(() => {
    for (const edge of links.filter(({ name }) => name.endsWith(">mariadb"))) {
      edge.retarget(databases.mariadbPort());
    }
    redis.retarget(databases.redisPort());
  });
  // One after the other: the first makes the tables.
  for (const one of [...quotas, ...controls, ...relays]) {
    started.push(one);
    await one.start();
  }
  const processes = [...relays, ...controls, ...quotas];
  return {
    relays,
    quotas,
    control: controls,
    processes: () => processes,
    links,
    mariadb: databases.mariadb,
    redis: databases.redis,
    relayUrls: ports.relays.map(({ http }) => `http://127.0.0.1:${http}`),
    adminUrl: `http://127.0.0.1:${ports.admin}`,
    sql: databases.sql,
    folder,
    dumpDatabase: () => dump(join(folder, "mariadb", "socket")),
    redisUrl: () => `redis://127.0.0.1:${databases.redisPort()}`,
    stop: async () => {
      await Promise.all(processes.map(async (one) => one.kill()));
      await Promise.all(links.map(async (one) => one.close()));
      await databases.stop();
    },
  };
}

interface Listening {
  readonly rpc: number;
  readonly http?: number;
  readonly env?: Readonly<Record<string, string>>;
}

async function choosePorts() {
  const many = async (count: number): Promise<number[]> => {
    const ports: number[] = [];
    for (let number = 0; number < count; number += 1) {
      ports.push(await lastingPort());
    }
    return ports;
  };
  const [registry = 0, scheduler = 0, admin = 0] = await many(3);
  const [quotas, http, rpc] = [await many(QUOTAS), await many(RELAYS), await many(RELAYS)];
  const relays = http.map((port, index) => ({ http: port, rpc: rpc[index] ?? 0 }));
  return { registry, scheduler, admin, quotas, relays };
}

/**
 * A port that stays free while its service is down: below those that the system gives to outgoing connections, of which
 * there are thousands here.
 */
async function lastingPort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 32_000);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (isFree) {
      return port;
    }
  }
}

const listOf = (ports: readonly number[]): string =>
  ports.map((port) => `127.0.0.1:${port}`).join(",");

const dsnOf = (port: number): string => `test:test@tcp(127.0.0.1:${port})/tollgate`;

function killNow(pid: number): void {
  try {
    if (pid > 0) {
      process.kill(pid, "SIGKILL");
    }
  } catch {
    // It has ended already.
  }
}

function dump(socket: string): Buffer {
  const { status, stdout, stderr } = spawnSync(
    "mariadb-dump",
    ["--no-defaults", `--socket=${socket}`, "--user=root", "--skip-hex-blob", "tollgate"],
    { maxBuffer: 1024 * 1024 * 1024 },
  );
  if (status !== 0) {
    throw new Error(`mariadb-dump failed: ${stderr.toString()}`);
  }
  return stdout;
}

interface Servers {
  readonly mariadb: KeptServer;
  readonly redis: KeptServer;
  readonly mariadbPort: () => number;
  readonly redisPort: () => number;
  readonly sql: (statements: string) => string;
  /** A started server listens on another port than before. */
  readonly onMoved: (listener: () => void) => void;
  readonly stop: () => Promise<void>;
}

async function startServers(folder: string): Promise<Servers> {
  const data = join(folder, "mariadb");
  let database: PrivateMariaDb = await startMariaDb(data);
  let cache: PrivateRedis = await startRedis();
  let moved = (): void => undefined;
  database.createDatabase("tollgate");
  return {
    mariadbPort: () => database.port,
    redisPort: () => cache.port,
    sql: (statements) => database.run(`use tollgate; ${statements}`),
    onMoved: (listener) => {
      moved = listener;
    },
    mariadb: {
      pid: () => database.pid,
      kill: async () => database.kill(),
      start: async () => {
        database = await again(async () => startMariaDb(data));
        moved();
      },
    },
    redis: {
      pid: () => cache.pid,
      kill: async () => cache.kill(),
      start: async () => {
        cache = await again(async () => startRedis());
        moved();
      },
    },
    stop: async () => {
      await Promise.all([database.kill(), cache.kill()]);
    },
  };
}

/** Its port may be taken in the moment between choosing and using it, and a busy machine recovers slowly. */
async function again<Server>(start: () => Promise<Server>): Promise<Server> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start();
    } catch (error) {
      if (tries === triesMax) {
        throw error;
      }
    }
  }
}

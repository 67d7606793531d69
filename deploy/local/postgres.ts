import { spawnSync } from "node:child_process";
import { globSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { startProcess } from "./child-process.ts";
import { freePort } from "./free-port.ts";

/** A private PostgreSQL on a free port. `await using` stops it. */
export interface PrivatePostgres extends AsyncDisposable {
  readonly port: number;
  /** Makes a database and returns its URL. Throws when it exists. */
  createDatabase(name: string): string;
  /** Runs statements as superuser in a database and returns the output without headings. Throws when they fail. */
  run(sql: string, database?: string): string;
  stop(): Promise<void>;
}

const user = "test";
const password = "test";
const systemUser = "postgres";

/** Starts PostgreSQL: about two seconds, most of them for the system tables. Its files are temporary and go with it. */
export async function startPostgres(): Promise<PrivatePostgres> {
  const folder = createTemporaryDirectory();
  const data = join(folder.path, "data");
  const port = await freePort();
  const binaries = findBinaries();
  initialise(folder.path, data, binaries);
  const [program, ...args] = asSystemUser([
    join(binaries, "postgres"),
    "-D",
    data,
    `--port=${port}`,
    "--listen_addresses=127.0.0.1",
    "--unix_socket_directories=",
    "--max_connections=200",
  ]);
  const server = startProcess({ program, args, cwd: folder.path });
  const stop = async (): Promise<void> => {
    // SIGTERM alone would wait for the clients to leave; SIGINT sends them away.
    process.kill(server.pid, "SIGINT");
    await server.terminate(30_000);
    folder.remove();
  };
  try {
    await server.waitForOutput(/ready to accept connections/u, 30_000);
  } catch (error) {
    // Nobody gets a handle to stop it by.
    await server.kill();
    folder.remove();
    throw error;
  }
  const run = (sql: string, database = "postgres"): string =>
    runProgram([
      "psql",
      "--no-psqlrc",
      "--quiet",
      "--tuples-only",
      "--no-align",
      "--set=ON_ERROR_STOP=1",
      `--command=${sql}`,
      urlOf(port, database),
    ]);
  return {
    port,
    createDatabase(name) {
      run(`create database "${name}"`);
      return urlOf(port, name);
    },
    run,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function urlOf(port: number, database: string): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
}

/** The newest server that the packages of the system have put there. */
function findBinaries(): string {
  const folders = globSync("/usr/lib/postgresql/*/bin").filter((folder) =>
    existsSync(join(folder, "initdb")),
  );
  const newest = folders.toSorted((left, right) => versionIn(right) - versionIn(left))[0];
  if (newest === undefined) {
    throw new Error("PostgreSQL is not installed");
  }
  return newest;
}

function versionIn(folder: string): number {
  return Number(/\/(?<version>\d+)\/bin$/u.exec(folder)?.groups?.["version"] ?? 0);
}

function initialise(home: string, data: string, binaries: string): void {
  const passwordFile = join(home, "password");
  writeFileSync(passwordFile, password);
  mkdirSync(data);
  if (isRoot()) {
    runProgram(["chown", "-R", `${systemUser}:`, home]);
  }
  runProgram(
    asSystemUser([
      join(binaries, "initdb"),
      `--pgdata=${data}`,
      `--username=${user}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C.UTF-8",
      // The cluster is empty: there is nothing yet that a power cut could take.
      "--no-sync",
    ]),
    home,
  );
}

/** PostgreSQL refuses to run as root, so root runs it as the user of its package. */
function asSystemUser(command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return isRoot()
    ? ["setpriv", `--reuid=${systemUser}`, `--regid=${systemUser}`, "--init-groups", ...command]
    : command;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function runProgram([program, ...args]: readonly [string, ...string[]], cwd?: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: "utf8", cwd });
  if (status !== 0) {
    throw new Error(`${program} failed: ${error?.message ?? stderr}`);
  }
  return stdout;
}

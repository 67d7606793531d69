import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import {
  createTemporaryDirectory,
  type TemporaryDirectory,
} from "@tollgate/kit/testing/temporary-directory";
import { startProcess } from "./child-process.ts";
import { freePort } from "./free-port.ts";

/** A private MariaDB on a free port. `await using` stops it. */
export interface PrivateMariaDb extends AsyncDisposable {
  readonly port: number;
  /** Makes a database, if it is not there yet, and returns its DSN in Go's style. */
  createDatabase(name: string): string;
  /** Runs statements as root and returns the output. Throws when they fail. */
  run(sql: string): string;
  readonly pid: number;
  stop(): Promise<void>;
  /** Ends it as a crash does, with SIGKILL; a folder that was given keeps what had been committed. */
  kill(): Promise<void>;
}

/**
 * Starts MariaDB: about three seconds the first time, most of them for the system tables. Without a folder its files are
 * temporary and go with it; with one, it also ignores Ctrl-C and waits for whoever started it.
 */
export async function startMariaDb(keepIn?: string): Promise<PrivateMariaDb> {
  const folder = keepIn === undefined ? createTemporaryDirectory() : keptFolder(keepIn);
  const data = join(folder.path, "data");
  const socket = join(folder.path, "socket");
  const common = ["--no-defaults", `--user=${userInfo().username}`, `--datadir=${data}`];
  if (!existsSync(join(data, "mysql"))) {
    runProgram("mariadb-install-db", [
      ...common,
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
    ]);
  }
  const port = await freePort();
  const server = startProcess({
    isDetached: keepIn !== undefined,
    program: existsSync("/usr/sbin/mariadbd") ? "/usr/sbin/mariadbd" : "mariadbd",
    args: [
      ...common,
      `--socket=${socket}`,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      "--skip-name-resolve",
      "--skip-log-bin",
    ],
  });
  const run = (sql: string): string =>
    runProgram("mariadb", ["--no-defaults", `--socket=${socket}`, "--user=root", "-N", "-e", sql]);
  try {
    await server.waitForOutput(/ready for connections/u, 30_000);
    run(
      "create user if not exists 'test'@'127.0.0.1' identified by 'test'; grant all on *.* to 'test'@'127.0.0.1'",
    );
  } catch (error) {
    // Nobody gets a handle to stop it by.
    await server.kill();
    folder.remove();
    throw error;
  }
  const stop = async (): Promise<void> => {
    await server.terminate(30_000);
    folder.remove();
  };
  return {
    port,
    createDatabase(name) {
      run(`create database if not exists \`${name}\``);
      return `test:test@tcp(127.0.0.1:${port})/${name}`;
    },
    run,
    pid: server.pid,
    stop,
    async kill() {
      await server.kill();
      folder.remove();
    },
    [Symbol.asyncDispose]: stop,
  };
}

function keptFolder(path: string): TemporaryDirectory {
  mkdirSync(path, { recursive: true });
  return { path, remove: () => undefined, [Symbol.dispose]: () => undefined };
}

function runProgram(program: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, [...args], {
    encoding: "utf8",
    // Whoever reads whole tables gets them whole.
    maxBuffer: Infinity,
  });
  if (status !== 0) {
    throw new Error(`${program} failed: ${error?.message ?? stderr}`);
  }
  return stdout;
}

import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
/** A busy machine may take its time. */
const readyMs = 300_000;
/** While the database is away a start fails, and is repeated; more than that is a process that cannot start. */
const exitsMax = 100;
const pollMs = 50;
const restartMs = 200;

/** A service as a process that a supervisor would keep: it is started again whenever it has ended. */
export interface KeptProcess {
  readonly name: string;
  readonly logPath: string;
  /** -1 while it is down. */
  pid(): number;
  /** How often it ended without being told to. */
  ownExits(): number;
  /** Starts it and waits until it takes connections. */
  start(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** Stops the world for it; {@link resume} goes on. */
  pause(): void;
  resume(): void;
  /** SIGTERM, and waits until it has ended by itself; true if it did so in time. */
  stop(timeoutMs: number): Promise<boolean>;
}

export interface KeptProcessOptions {
  readonly name: string;
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logPath: string;
  /** It is ready when it takes connections on this port. */
  readonly port: number;
}

/** Describes a process; {@link KeptProcess.start} starts it. */
export function keepProcess(options: KeptProcessOptions): KeptProcess {
  const { name, logPath, port } = options;
  let child: ChildProcess | undefined;
  let isWanted = false;
  let exits = 0;

  const launch = (): ChildProcess => {
    const log = openSync(logPath, "a");
    const launched = spawn(process.execPath, [join(root, options.program)], {
      cwd: root,
      env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...options.env },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    launched.once("exit", () => {
      if (child === launched) {
        child = undefined;
        if (isWanted) {
          exits += 1;
          setTimeout(() => {
            child ??= isWanted ? launch() : undefined;
          }, restartMs);
        }
      }
    });
    return launched;
  };
  const end = async (signal: NodeJS.Signals, timeoutMs: number): Promise<boolean> => {
    isWanted = false;
    const victim = child;
    if (victim === undefined) {
      return true;
    }
    const exited = new Promise<boolean>((resolve) => {
      victim.once("exit", () => resolve(true));
    });
    victim.kill(signal);
    const timer = setTimeout(() => victim.kill("SIGKILL"), timeoutMs);
    await exited;
    clearTimeout(timer);
    return signal === "SIGKILL" || victim.signalCode !== "SIGKILL";
  };
  return {
    name,
    logPath,
    pid: () => child?.pid ?? -1,
    ownExits: () => exits,
    start: async () => {
      isWanted = true;
      child ??= launch();
      const endMs = performance.now() + readyMs;
      const exitsBefore = exits;
      while (!(await takesConnections(port))) {
        if (performance.now() > endMs || exits - exitsBefore > exitsMax) {
          throw new Error(`${name} does not come to take connections: ${logPath}`);
        }
        await new Promise((resolve) => {
          setTimeout(resolve, pollMs);
        });
      }
    },
    kill: async () => {
      await end("SIGKILL", readyMs);
    },
    pause: () => {
      child?.kill("SIGSTOP");
    },
    resume: () => {
      child?.kill("SIGCONT");
    },
    stop: async (timeoutMs) => end("SIGTERM", timeoutMs),
  };
}

async function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

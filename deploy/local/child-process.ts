import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import type { TemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";

const root = join(import.meta.dirname, "../..");
const outputMax = 1_000_000;
const pollMs = 25;

/** A process to start. */
export interface ProcessOptions {
  /** The program; a path that ends in ".ts" runs on this Node. Relative paths of such start at the root of the repository. */
  readonly program: string;
  readonly args?: readonly string[];
  /** Added to PATH, HOME and the like: nothing else of this process' environment is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it starts; an empty folder unless given, so that no developer's `.env` reaches it. */
  readonly cwd?: string;
  /** In a group of its own: Ctrl-C does not reach it, so that whoever started it decides when it stops. */
  readonly isDetached?: boolean;
}

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A started process. `await using` kills it when the test ends. */
export interface LocalProcess extends AsyncDisposable {
  readonly pid: number;
  /** Both outputs so far, at most the last million characters. */
  output(): string;
  /** Resolves when the output matches; rejects with the output when the process ends or the time is up. */
  waitForOutput(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** Resolves when GET `url` answers with 200; rejects with the output when the process ends or the time is up. */
  waitForHttp(url: string, timeoutMs?: number): Promise<void>;
  /** Sends SIGTERM and waits for the end. Rejects, after SIGKILL, when it takes too long. */
  terminate(timeoutMs?: number): Promise<ProcessExit>;
  /** Sends SIGKILL and waits for the end. */
  kill(): Promise<ProcessExit>;
  readonly exited: Promise<ProcessExit>;
}

/** Starts a process. */
export function startProcess(options: ProcessOptions): LocalProcess {
  const { program } = options;
  const child = spawnProgram(options);
  const outcome = observe(child);
  const describe = (what: string): Error =>
    new Error(`${program}: ${what}. Its output:\n${outcome.text().slice(-4000)}`);

  const poll = async <Value>(
    probe: () => Promise<Value | undefined>,
    what: string,
    timeoutMs: number,
  ): Promise<Value> => {
    const endMs = performance.now() + timeoutMs;
    while (performance.now() < endMs) {
      const value = await probe();
      if (value !== undefined) {
        return value;
      }
      if (outcome.hasExited()) {
        throw describe(`ended before ${what}`);
      }
      await pause(pollMs);
    }
    throw describe(`no ${what} within ${timeoutMs} ms`);
  };
  const kill = async (): Promise<ProcessExit> => {
    child.kill("SIGKILL");
    return outcome.exited;
  };
  return {
    pid: child.pid ?? -1,
    output: outcome.text,
    exited: outcome.exited,
    waitForOutput: async (pattern, timeoutMs = 15_000) =>
      poll(async () => pattern.exec(outcome.text()) ?? undefined, `match of ${pattern}`, timeoutMs),
    waitForHttp: async (url, timeoutMs = 15_000) => {
      await poll(async () => ((await isOk(url)) ? true : undefined), `answer of ${url}`, timeoutMs);
    },
    async terminate(timeoutMs = 15_000) {
      child.kill("SIGTERM");
      const inTime = await Promise.race([outcome.exited, pause(timeoutMs)]);
      if (inTime === undefined) {
        await kill();
        throw describe(`still running ${timeoutMs} ms after SIGTERM`);
      }
      return inTime;
    },
    kill,
    async [Symbol.asyncDispose]() {
      await kill();
    },
  };
}

let emptyFolder: TemporaryDirectory | undefined;

/** One for all processes that this one starts; removed at its end. */
function emptyFolderPath(): string {
  if (emptyFolder === undefined) {
    const folder = createTemporaryDirectory();
    process.once("exit", () => folder.remove());
    emptyFolder = folder;
  }
  return emptyFolder.path;
}

function spawnProgram(options: ProcessOptions) {
  const { program, args = [], env = {}, cwd = emptyFolderPath(), isDetached } = options;
  const isScript = program.endsWith(".ts");
  return spawn(
    isScript ? process.execPath : program,
    isScript ? [join(root, program), ...args] : [...args],
    {
      cwd,
      env: baseEnvironment(env),
      stdio: ["ignore", "pipe", "pipe"],
      detached: isDetached ?? false,
    },
  );
}

function observe(child: ChildProcess) {
  let text = "";
  let hasExited = false;
  const collect = (chunk: Buffer): void => {
    text = (text + chunk.toString("utf8")).slice(-outputMax);
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once("error", (error) => {
      text += `\n${error.message}`;
      hasExited = true;
      resolve({ code: null, signal: null });
    });
    child.once("close", (code, signal) => {
      hasExited = true;
      resolve({ code, signal });
    });
  });
  return { text: () => text, hasExited: () => hasExited, exited };
}

async function isOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    // Not listening yet: the caller asks again until its time is up.
    return false;
  }
}

function baseEnvironment(own: Readonly<Record<string, string>>): Record<string, string> {
  const base: Record<string, string> = {};
  for (const name of ["PATH", "HOME", "TMPDIR", "LANG", "NODE_COMPILE_CACHE"]) {
    const value = process.env[name];
    if (value !== undefined) {
      base[name] = value;
    }
  }
  return { ...base, ...own };
}

async function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    // Whoever waits has a process to watch, which keeps this one alive.
    setTimeout(resolve, ms, undefined).unref();
  });
}

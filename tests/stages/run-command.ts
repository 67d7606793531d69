import { spawn } from "node:child_process";
import type { WriteStream } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const outputMax = 400_000;

/** What a command wrote and how it ended. */
export interface CommandOutcome {
  readonly code: number;
  /** The last 400,000 characters of both outputs. */
  readonly output: string;
}

/** What a command gets besides its arguments. */
export interface CommandOptions {
  readonly cwd?: string;
  /** Added to this process' environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly onOutput?: (text: string) => void;
}

/** Runs a program with the project's tools first in PATH; everything it writes also goes to the log. */
export async function runCommand(
  argv: readonly string[],
  log: WriteStream,
  options: CommandOptions = {},
): Promise<CommandOutcome> {
  const [program = "", ...args] = argv;
  const bin = join(root, "node_modules", ".bin");
  const child = spawn(program === "node" ? process.execPath : program, args, {
    cwd: join(root, options.cwd ?? "."),
    env: {
      ...process.env,
      ...options.env,
      PATH: `${bin}:${process.env["PATH"] ?? ""}`,
      NG_CLI_ANALYTICS: "false",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const collect = (chunk: Buffer): void => {
    const text = chunk.toString("utf8");
    output = (output + text).slice(-outputMax);
    log.write(text);
    options.onOutput?.(text);
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: 1, output: `${output}\n${error.message}` }));
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

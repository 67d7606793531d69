import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { ConfigError, type Environment } from "./config.ts";

const fileBytesMax = 1_048_576;

/** What a process was started with. */
export interface EnvironmentSource {
  readonly environment: Environment;
  /** A file of NAME=value lines that may be absent. */
  readonly envFile: string;
}

/**
 * The environment together with what a `.env` file adds to it. A variable of the environment wins, also an empty one.
 * Throws a {@link ConfigError} when the file is there and cannot be read.
 */
export function readEnvironment({ environment, envFile }: EnvironmentSource): Environment {
  const text = readIfPresent(envFile);
  return text === undefined ? environment : { ...parseEnv(text), ...environment };
}

function readIfPresent(path: string): string | undefined {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    // Most installations have no such file.
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    if (code === "ENOENT") {
      return undefined;
    }
    throw new ConfigError([`${path}: cannot be read (${code})`]);
  }
  if (content.length > fileBytesMax) {
    throw new ConfigError([`${path}: must have at most ${fileBytesMax} bytes`]);
  }
  return content.toString("utf8");
}

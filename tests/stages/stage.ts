import type { SystemProgram } from "@tollgate/local/ensure-packages";

/** One stage of `npm test`: commands that must succeed, or test files run by node:test. */
export type Stage =
  | { readonly name: string; readonly kind: "commands"; readonly commands: readonly Command[] }
  | {
      readonly name: string;
      readonly kind: "tests";
      /** Globs from the root of the repository; together they must match a file. */
      readonly files: readonly string[];
      /** One process for all files: only for tests without shared global state. */
      readonly isolation: "none" | "process";
      /** How many files run at once. */
      readonly concurrency: number;
      /** Debian packages that the machine must have. */
      readonly needs?: readonly SystemProgram[];
      /** The files run once on each of these servers, which tests that would use SQLite take from TEST_SQL_DSN. */
      readonly databases?: readonly DatabaseServer[];
    };

/** A database server that a stage starts for itself. */
export type DatabaseServer = Extract<SystemProgram, "mariadb" | "postgresql">;

/** One command of a stage; its program is looked up in node_modules/.bin first. */
export interface Command {
  readonly title: string;
  readonly argv: readonly string[];
  readonly cwd?: string;
  /** Why the command does not apply just now, or undefined when it does. Printed, never silent. */
  readonly skip?: () => string | undefined;
}

/** What a stage came to. */
export interface StageOutcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly elapsedMs: number;
  readonly logPath: string;
  /** The failing part of the log, empty when all is well. */
  readonly failure: string;
}

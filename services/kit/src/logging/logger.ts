import type { Logger as PinoLogger } from "pino";
import pino from "pino";
import type { LogOutput } from "./log-output.ts";
import { redactFields } from "./redact-fields.ts";
import { openDailyLogFile } from "./daily-log-file.ts";
import { openPrettyOutput } from "./pretty-output.ts";
import { openScreenOutput } from "./screen-output.ts";

/**
 * A structured logger: `logger.info({ fields }, "constant event name")`. `error` means that someone must act, `warn` that
 * something is degraded, `info` is the life of the process and one wide line per call. Secrets are masked by construction.
 */
export type Logger = PinoLogger;

/** How much is written; "silent" writes nothing. */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "silent";

/** Where a logger writes and how much. */
export interface LoggerOptions {
  readonly service: string;
  readonly level: LogLevel;
  /** Also write to one file a day in this folder, which is made when missing. */
  readonly logDir?: string;
  /** Lines for people instead of JSON on stdout. */
  readonly pretty?: boolean;
  /** Instead of stdout. */
  readonly output?: LogOutput;
}

/** Makes the logger of a process. Throws when the log folder cannot be written. */
export function createLogger(options: LoggerOptions): Logger {
  const { service, level, logDir } = options;
  const screen =
    options.output ?? (options.pretty === true ? openPrettyOutput() : openScreenOutput());
  const outputs = logDir === undefined ? [screen] : [screen, openDailyLogFile(logDir, service)];
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redactFields },
      // Errors are made plain, without secrets, together with the other fields.
      serializers: { err: (error: unknown) => error },
    },
    pino.multistream(
      outputs.map((stream) => ({ level: "trace", stream })),
      { dedupe: false },
    ),
  );
}

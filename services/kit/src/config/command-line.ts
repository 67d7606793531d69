import { parseArgs } from "node:util";

/** What the texts of `--help` and `--version` need to know. */
export interface ProgramDescription {
  readonly name: string;
  readonly version: string;
  /** One sentence. */
  readonly summary: string;
}

/** What the command line asks for. `text` is ready to print. */
export type CommandLine =
  | { readonly kind: "run"; readonly port?: number; readonly logDir?: string }
  | { readonly kind: "help" | "version" | "invalid"; readonly text: string };

/** Reads `--port`, `--log-dir`, `--version` and `--help`, with one dash or two, as One API does. */
export function parseCommandLine(
  argv: readonly string[],
  program: ProgramDescription,
): CommandLine {
  try {
    return readFlags(argv, program);
  } catch (error) {
    // Translates the parser's complaint into a text for the person at the terminal.
    return invalid(error instanceof Error ? error.message : String(error), program);
  }
}

function readFlags(argv: readonly string[], program: ProgramDescription): CommandLine {
  const { values } = parseArgs({
    args: argv.map((word) => (/^-[a-z]{2}/u.test(word) ? `-${word}` : word)),
    options: {
      port: { type: "string", short: "p" },
      "log-dir": { type: "string" },
      version: { type: "boolean", short: "v" },
      help: { type: "boolean", short: "h" },
    },
    strict: true,
    allowPositionals: false,
  });
  if (values.help === true) {
    return { kind: "help", text: helpText(program) };
  }
  if (values.version === true) {
    return { kind: "version", text: `${program.name} ${program.version}\n` };
  }
  const port = values.port;
  const logDir = values["log-dir"];
  if (port !== undefined && !(/^\d{1,5}$/u.test(port) && Number(port) <= 65_535)) {
    return invalid("--port must be a whole number from 0 to 65535", program);
  }
  return {
    kind: "run",
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(logDir === undefined ? {} : { logDir }),
  };
}

function invalid(complaint: string, program: ProgramDescription): CommandLine {
  return { kind: "invalid", text: `${program.name}: ${complaint}\n\n${helpText(program)}` };
}

function helpText({ name, summary }: ProgramDescription): string {
  return [
    summary,
    "",
    `Usage: ${name} [--port PORT] [--log-dir FOLDER]`,
    "",
    "  --port PORT       the port to listen on; comes before the variable PORT",
    "  --log-dir FOLDER  also write the log to files in this folder, one a day",
    "  --version         print the version",
    "  --help            print this text",
    "",
  ].join("\n");
}

import type { LogOutput } from "./log-output.ts";

const colours: Readonly<Record<string, string>> = {
  trace: "\u001B[90m",
  debug: "\u001B[90m",
  info: "\u001B[32m",
  warn: "\u001B[33m",
  error: "\u001B[31m",
};
const colourOff = "\u001B[0m";
const omitted: ReadonlySet<string> = new Set(["time", "level", "service", "msg", "err"]);

/** Writes log lines for people: time, level, service, event, then the fields. Colours only on a terminal. */
export function openPrettyOutput(stream: NodeJS.WriteStream = process.stdout): LogOutput {
  const hasColours = stream.isTTY;
  return {
    write(line) {
      stream.write(`${formatPrettyLine(line, hasColours)}\n`);
    },
  };
}

/** One JSON line of the log as a line for people; an error's stack follows on lines of its own. */
export function formatPrettyLine(line: string, hasColours: boolean): string {
  const entry: unknown = JSON.parse(line);
  if (typeof entry !== "object" || entry === null) {
    return line.trimEnd();
  }
  const fields = new Map<string, unknown>(Object.entries(entry));
  const level = textOf(fields.get("level"));
  const label = level.toUpperCase().padEnd(5);
  const colour = hasColours ? (colours[level] ?? "") : "";
  const head = [
    textOf(fields.get("time")).slice(11, 23),
    colour === "" ? label : `${colour}${label}${colourOff}`,
    textOf(fields.get("service")),
    textOf(fields.get("msg")),
  ];
  const rest = [...fields]
    .filter(([name]) => !omitted.has(name))
    .map(([name, value]) => `${name}=${textOf(value)}`);
  return [...head, ...rest].join(" ") + stackOf(fields.get("err"));
}

function stackOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("stack" in error)) {
    return error === undefined ? "" : ` err=${textOf(error)}`;
  }
  return `\n${textOf(error.stack)}`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

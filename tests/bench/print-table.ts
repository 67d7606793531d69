import type { BackEndWork } from "./back-end.ts";
import type { Figures } from "./measure.ts";
import { median, spread } from "./median.ts";
import type { Rounds } from "./rounds.ts";

const HEADER =
  "| target | CPU µs/call | × bare | min–max | calls/s | p50 ms | p99 ms | added p50 ms | added p99 ms | memory MiB |";
const PROCESS_HEADER = "| process | CPU µs/call | user | kernel | share |";
const WORK_HEADER =
  "| per call | calls | statements | commits | Redis commands | RPC bytes from the relay | to it |";

/**
 * Medians as Markdown tables, as docs/performance.md keeps them. Ratios and differences are taken within a round, against
 * the first target's figure of the same round, and then the median of them is: the machine's drift drops out.
 */
export function tablesOf(rounds: Rounds): string {
  const lines: string[] = [];
  for (const [{ title }, byTarget] of rounds) {
    const base = byTarget.values().next().value ?? [];
    lines.push("", `### ${title}`, "", ...heading(HEADER));
    for (const [{ name }, figures] of byTarget) {
      lines.push(targetRow(name, figures, base));
    }
    lines.push("", ...heading(PROCESS_HEADER));
    for (const [{ name, processes, backEnd }, figures] of byTarget) {
      const own = new Set(processes.map((one) => one.name));
      for (const process of [...processes, ...backEnd]) {
        const title = processes.length + backEnd.length === 1 ? name : `${name}: ${process.name}`;
        lines.push(
          processRow(title, { figures, name: process.name, isOwn: own.has(process.name) }),
        );
      }
    }
  }
  return `${[...lines, ...workLines(rounds)].join("\n")}\n`;
}

/** What stands behind the path, per call: settlement, leases, beats and everybody's upkeep in the same time. */
function workLines(rounds: Rounds): readonly string[] {
  const lines: string[] = [];
  for (const [{ title }, byTarget] of rounds) {
    for (const [{ name }, figures] of byTarget) {
      const works = figures.flatMap(({ work }) => (work === undefined ? [] : [work]));
      if (works.length > 0) {
        lines.push(workRow(`${name}, ${title}`, figures, works));
      }
    }
  }
  return lines.length === 0
    ? []
    : ["", "### Behind the path", "", ...heading(WORK_HEADER), ...lines];
}

function workRow(
  title: string,
  figures: readonly Figures[],
  works: readonly BackEndWork[],
): string {
  const calls = figures.reduce((sum, one) => sum + one.calls, 0);
  const perCall = (read: (work: BackEndWork) => number): number =>
    works.reduce((sum, work) => sum + read(work), 0) / calls;
  return row([
    title,
    String(calls),
    perCall(({ statements }) => statements).toFixed(4),
    perCall(({ commits }) => commits).toFixed(4),
    perCall(({ redisCommands }) => redisCommands).toFixed(4),
    perCall(({ rpcBytesSent }) => rpcBytesSent).toFixed(0),
    perCall(({ rpcBytesReceived }) => rpcBytesReceived).toFixed(1),
  ]);
}

function targetRow(name: string, rounds: readonly Figures[], base: readonly Figures[]): string {
  const of = (read: (figures: Figures) => number): number => median(rounds.map(read));
  const against = (compare: (own: Figures, base: Figures) => number): readonly number[] =>
    rounds.flatMap((figures, round) => {
      const other = base[round];
      return other === undefined ? [] : [compare(figures, other)];
    });
  const ratios = against((own, other) => own.cpuMicrosPerCall / other.cpuMicrosPerCall);
  return row([
    name,
    of((figures) => figures.cpuMicrosPerCall).toFixed(0),
    median(ratios).toFixed(2),
    spread(ratios, 2),
    of((figures) => figures.callsPerSecond).toFixed(0),
    of((figures) => figures.p50Ms).toFixed(2),
    of((figures) => figures.p99Ms).toFixed(2),
    median(against((own, other) => own.p50Ms - other.p50Ms)).toFixed(2),
    median(against((own, other) => own.p99Ms - other.p99Ms)).toFixed(2),
    of((figures) => figures.residentMiB).toFixed(0),
  ]);
}

interface ProcessWish {
  readonly figures: readonly Figures[];
  readonly name: string;
  /** Counts in the target's sum. */
  readonly isOwn: boolean;
}

function processRow(title: string, { figures, name, isOwn }: ProcessWish): string {
  const uses = figures.flatMap((one) => {
    const use = one.byProcess.get(name);
    return use === undefined ? [] : [{ ...use, share: use.micros / one.cpuMicrosPerCall }];
  });
  return row([
    title,
    median(uses.map(({ micros }) => micros)).toFixed(1),
    median(uses.map(({ micros, systemMicros }) => micros - systemMicros)).toFixed(1),
    median(uses.map(({ systemMicros }) => systemMicros)).toFixed(1),
    isOwn ? `${(median(uses.map(({ share }) => share)) * 100).toFixed(0)} %` : "not in the sum",
  ]);
}

function heading(header: string): readonly string[] {
  return [header, header.replaceAll(/[^|]+/gu, "---")];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

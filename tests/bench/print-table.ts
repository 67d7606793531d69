import type { Figures } from "./measure.ts";

/** Prints medians as a Markdown table, as docs/performance.md keeps them. */
export function printTable(
  results: ReadonlyMap<string, ReadonlyMap<string, readonly Figures[]>>,
  remarks: readonly string[],
): void {
  const lines: string[] = [];
  for (const [title, byTarget] of results) {
    const base = byTarget.values().next().value ?? [];
    lines.push("", `### ${title}`, "", HEADER, HEADER.replaceAll(/[^|]+/gu, "---"));
    for (const [name, rounds] of byTarget) {
      lines.push(row(name, rounds, base));
    }
  }
  lines.push("", ...remarks.map((remark) => `- ${remark}`), "");
  process.stdout.write(lines.join("\n"));
}

const HEADER =
  "| target | CPU µs/call | × bare | calls/s | p50 ms | p99 ms | added p50 ms | added p99 ms | memory MiB |";

function row(name: string, rounds: readonly Figures[], base: readonly Figures[]): string {
  const of = (read: (figures: Figures) => number, from = rounds): number => median(from.map(read));
  const cpu = (figures: Figures): number => figures.cpuMicrosPerCall;
  const p50 = (figures: Figures): number => figures.p50Ms;
  const p99 = (figures: Figures): number => figures.p99Ms;
  const cells = [
    name,
    of(cpu).toFixed(0),
    (of(cpu) / of(cpu, base)).toFixed(2),
    of((figures) => figures.callsPerSecond).toFixed(0),
    of(p50).toFixed(2),
    of(p99).toFixed(2),
    (of(p50) - of(p50, base)).toFixed(2),
    (of(p99) - of(p99, base)).toFixed(2),
    of((figures) => figures.residentMiB).toFixed(0),
  ];
  return `| ${cells.join(" | ")} |`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

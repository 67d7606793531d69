import { spawnSync } from "node:child_process";

/** Runs the dependency rules. A run that saw no module has checked nothing, so it fails too. */
const { status, stdout, stderr } = spawnSync(
  "depcruise",
  ["--config", ".dependency-cruiser.mjs", "--output-type", "json", "services", "deploy"],
  { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 },
);
const report: unknown = status === null || stdout === "" ? undefined : JSON.parse(stdout);
const summary = readSummary(report);
if (summary === undefined || summary.totalCruised === 0) {
  process.stderr.write(`dependency-cruiser saw no module\n${stderr}`);
  process.exit(1);
}
for (const { from, to, rule } of summary.violations) {
  process.stderr.write(`${rule.name}: ${from} → ${to}\n`);
}
const count = summary.violations.length;
process.stdout.write(`${summary.totalCruised} modules, ${count} violations\n`);
process.exitCode = count === 0 ? 0 : 1;

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

interface Summary {
  readonly totalCruised: number;
  readonly violations: readonly Violation[];
}

function readSummary(json: unknown): Summary | undefined {
  if (typeof json !== "object" || json === null || !("summary" in json)) {
    return undefined;
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the documented shape of the tool's report
  return json.summary as Summary;
}

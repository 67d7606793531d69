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
for (const violation of summary.violations) {
  process.stderr.write(`${describeViolation(violation)}\n`);
}
const count = summary.violations.length;
process.stdout.write(`${summary.totalCruised} modules, ${count} violations\n`);
process.exitCode = count === 0 ? 0 : 1;

interface Summary {
  readonly totalCruised: number;
  readonly violations: readonly unknown[];
}

/** Undefined = that is not the report whose shape this knows. */
function readSummary(json: unknown): Summary | undefined {
  const summary = memberOf(json, "summary");
  const totalCruised = memberOf(summary, "totalCruised");
  const violations = memberOf(summary, "violations");
  return typeof totalCruised === "number" && Array.isArray(violations)
    ? { totalCruised, violations }
    : undefined;
}

function describeViolation(violation: unknown): string {
  const rule = memberOf(memberOf(violation, "rule"), "name");
  return `${String(rule)}: ${String(memberOf(violation, "from"))} → ${String(memberOf(violation, "to"))}`;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

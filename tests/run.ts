import { parseArgs } from "node:util";
import { createProgress, formatElapsed } from "./stages/progress.ts";
import { runStage } from "./stages/run-stage.ts";
import type { StageOutcome } from "./stages/stage.ts";
import { stages } from "./stages/stages.ts";

/** Runs the stages of `npm test`; `--only unit,e2e` selects some. Exit code 0 only when nothing failed. */
const { values } = parseArgs({ options: { only: { type: "string", multiple: true } } });
const wanted = values.only?.at(-1)?.split(",");
const unknown = wanted?.filter((name) => !stages.some((stage) => stage.name === name)) ?? [];
if (unknown.length > 0) {
  const known = stages.map(({ name }) => name).join(", ");
  process.stderr.write(`no stage is named ${unknown.join(", ")}; there are ${known}\n`);
  process.exit(64);
}

const progress = createProgress();
const selected = stages.filter(({ name }) => wanted === undefined || wanted.includes(name));
const outcomes: StageOutcome[] = [];
for (const [index, stage] of selected.entries()) {
  progress.print(`▶ ${stage.name} (${index + 1} of ${selected.length})`);
  const outcome = await runStage(stage, progress);
  outcomes.push(outcome);
  progress.print(`${outcome.failed === 0 ? "✔" : "✖"} ${describe(outcome)}`);
  if (outcome.failure !== "") {
    progress.print(`${outcome.failure}\n  whole log: ${outcome.logPath}`);
  }
}

progress.print("");
for (const outcome of outcomes) {
  progress.print(`${outcome.failed === 0 ? "✔" : "✖"} ${describe(outcome)}`);
}
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
progress.print(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function describe({ name, passed, failed, elapsedMs }: StageOutcome): string {
  return `${name}: ${passed} passed, ${failed} failed in ${formatElapsed(elapsedMs)}`;
}

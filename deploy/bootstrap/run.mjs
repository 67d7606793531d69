#!/usr/bin/env node
// Starts a part of Tollgate from a fresh clone: plain JavaScript, for whatever Node npm runs on, without any package.
import { commands, describeCommands } from "./commands.mjs";
import { StepFailure } from "./step-failure.mjs";
import { runProgram } from "./run-program.mjs";
import { runSteps } from "./run-steps.mjs";

const [name = "", ...args] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  process.stderr.write(describeCommands());
  process.exit(64);
}
const steps = typeof command.steps === "function" ? command.steps(args) : command.steps;
const isQuestion = args.some((word) => /^--?(?:h|help|v|version)$/u.test(word));
try {
  await runSteps(isQuestion ? steps.filter((step) => !step.isSlow) : steps);
} catch (error) {
  if (!(error instanceof StepFailure)) {
    throw error;
  }
  process.stderr.write(error.message);
  process.exit(1);
}
process.exitCode = await runProgram(command.entry, [...(command.args ?? []), ...args]);

import { spawn } from "node:child_process";
import { StepFailure } from "./step-failure.mjs";
import { digestInputs, readStamp, writeStamp } from "./stamp.mjs";
import { childEnvironment, inRoot } from "./workspace.mjs";

/** Does every step that is not current, one line each. Throws a StepFailure. */
export async function runSteps(steps) {
  for (const step of steps) {
    if (readStamp(step.name) !== digestInputs(step.inputs) || !step.hasOutput()) {
      if (step.isAlreadyDone?.() !== true) {
        await runStep(step);
      }
      writeStamp(step.name, digestInputs(step.inputs));
    }
  }
}

async function runStep(step) {
  const startedAt = performance.now();
  process.stderr.write(`tollgate: ${step.title} … `);
  const { code, output } = await runCommand(step);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stderr.write(code === 0 ? `done in ${seconds} s\n` : `failed after ${seconds} s\n`);
  if (code !== 0) {
    throw new StepFailure({ title: step.title, output, advice: step.advice });
  }
}

async function runCommand({ command, cwd = "." }) {
  const [program, ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: inRoot(cwd),
      env: childEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const collect = (chunk) => {
      output = (output + chunk).slice(-100_000);
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", (error) => resolve({ code: 1, output: `${output}\n${error.message}` }));
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

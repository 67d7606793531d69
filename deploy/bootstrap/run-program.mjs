import { spawn } from "node:child_process";
import { constants } from "node:os";
import { childEnvironment, inRoot, root, servicesNode } from "./workspace.mjs";

const forwarded = ["SIGINT", "SIGTERM", "SIGHUP"];
// npm and the terminal both report one Ctrl-C.
const echoMs = 500;

/** Runs a program on the services' Node with this terminal, passes signals on, and resolves with its exit code. */
export async function runProgram(entry, args) {
  const child = spawn(
    servicesNode(),
    ["--disable-warning=ExperimentalWarning", inRoot(entry), ...args],
    // A group of its own: the terminal's Ctrl-C reaches it once, through here.
    { cwd: root, env: childEnvironment(), stdio: "inherit", detached: true },
  );
  let forwardedAt = -Infinity;
  for (const signal of forwarded) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - forwardedAt > echoMs) {
        forwardedAt = now;
        child.kill(signal);
      }
    });
  }
  return new Promise((resolve) => {
    child.once("error", (error) => {
      process.stderr.write(`cannot start ${entry}: ${error.message}\n`);
      resolve(1);
    });
    child.once("exit", (code, signal) => {
      // The listeners stay: a signal that comes late must not replace the child's code by its own.
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** Passes the output of a process on, each line behind the name of the process. */
export function prefixLines(child: ChildProcess, name: string): void {
  for (const [stream, out] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    if (stream !== null) {
      createInterface({ input: stream }).on("line", (line) => {
        out.write(`${name.padEnd(10)} │ ${line}\n`);
      });
    }
  }
}

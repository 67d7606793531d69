/** A step that failed, told so that a person knows what to do. */
export class StepFailure extends Error {
  constructor({ title, output, advice }) {
    const tail = output
      .trimEnd()
      .split("\n")
      .slice(-25)
      .map((line) => `  | ${line}`)
      .join("\n");
    super(`\nFailed: ${title}\n${tail}\n\nWhat to do: ${advice}\n`);
    this.name = "StepFailure";
  }
}

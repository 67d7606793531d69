import type { RunOutcome } from "./simulation.ts";

/** What went wrong, and how to see it again. */
export function describeFailure(
  { seed, step, violations, events, traceHash }: RunOutcome,
  mutant: string,
): string {
  const option = mutant === "" ? "" : ` --mutant ${mutant}`;
  return [
    `seed ${seed}, step ${step}, trace ${traceHash}:`,
    ...violations.map((violation) => `  ${violation}`),
    `the last ${events.length} events:`,
    ...events.map((event) => `  ${event}`),
    `again: npm run simulate -- --from ${seed} --seeds 1${option}`,
  ].join("\n");
}

import assert from "node:assert/strict";
import { describeFailure } from "./describe-run.ts";
import { openSimulation } from "./simulation.ts";
import { addFigures, describeTotal, noTotal } from "./total.ts";

/** Runs seeds one after the other; the first that breaks an invariant fails, with all that is needed to see it again. */
export async function keepInvariants(
  from: number,
  count: number,
  say: (text: string) => void,
): Promise<void> {
  const simulation = await openSimulation();
  let total = noTotal;
  try {
    for (let seed = from; seed < from + count; seed += 1) {
      const outcome = await simulation.run(seed);
      assert.equal(outcome.violations.length, 0, describeFailure(outcome, ""));
      total = addFigures(total, outcome);
    }
  } finally {
    await simulation.close();
  }
  say(describeTotal(total));
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { describeFailure } from "./describe-run.ts";
import { syncLies } from "./mutants-of-relay.ts";
import { openSimulation } from "./simulation.ts";

const seedsMax = 100;

test("a seed goes the same way each time, whatever ran before it", async () => {
  const simulation = await openSimulation();
  const first = await simulation.run(7);
  const other = await simulation.run(8);
  const again = await simulation.run(7);
  await simulation.close();
  const anew = await openSimulation();
  const alone = await anew.run(7);
  await anew.close();
  assert.ok(first.figures.calls > 0);
  assert.notEqual(first.traceHash, other.traceHash);
  assert.deepEqual([again, alone], [first, first]);
});

test("a failure says what broke, what came before, and how to see it again", async () => {
  const simulation = await openSimulation();
  // A disk that lies is found out only where the power goes at the wrong moment.
  let outcome = await simulation.run(1, { mutant: syncLies() });
  while (outcome.violations.length === 0 && outcome.seed < seedsMax) {
    outcome = await simulation.run(outcome.seed + 1, { mutant: syncLies() });
  }
  await simulation.close();
  const text = describeFailure(outcome, "sync-lies");
  assert.match(
    text,
    new RegExp(`^seed ${outcome.seed}, step \\d+, trace [0-9a-f]{16}:\n {2}I\\d+ `, "u"),
  );
  assert.match(text, /the last \d+ events:\n {2} +\d+ ms {2}/u);
  assert.ok(
    text.endsWith(`npm run simulate -- --from ${outcome.seed} --seeds 1 --mutant sync-lies`),
  );
});

/** A suite that has never failed proves nothing: each rule of the protocol is removed in turn, and each time some seed must break. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { mutants } from "./mutants.ts";
import type { Simulation } from "./simulation.ts";
import { openSimulation } from "./simulation.ts";

const seedsMax = 25;

let simulation: Simulation;

before(async () => {
  simulation = await openSimulation();
});

after(async () => {
  await simulation.close();
});

for (const make of mutants) {
  const { name, wish = {} } = make();
  test(`without a rule an invariant breaks: ${name}`, async (context) => {
    for (let seed = 1; seed <= seedsMax; seed += 1) {
      const { violations } = await simulation.run(seed, { mutant: make() });
      if (violations.length > 0) {
        // The same world with the rule is well.
        assert.deepEqual((await simulation.run(seed, { wish })).violations, []);
        context.diagnostic(`first at seed ${seed}: ${violations[0]?.split("\n")[0]}`);
        return;
      }
    }
    assert.fail(`${seedsMax} seeds kept every invariant without the rule`);
  });
}

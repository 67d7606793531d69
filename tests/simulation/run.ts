/** `npm run simulate -- --seeds 20000 [--from S] [--mutant NAME]`: exit code 0 only when every seed kept every invariant. */
import { parseArgs } from "node:util";
import { describeFailure } from "./describe-run.ts";
import { findMutant, mutants } from "./mutants.ts";
import { addFigures, describeTotal, noTotal } from "./total.ts";
import { openSimulation } from "./simulation.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "500" },
    from: { type: "string", default: "1" },
    mutant: { type: "string", default: "" },
  },
});
const seeds = Number(values.seeds);
const from = Number(values.from);
const mutant = findMutant(values.mutant);
if (
  !(Number.isSafeInteger(seeds) && seeds > 0 && Number.isSafeInteger(from)) ||
  mutant === undefined
) {
  const names = mutants.map((make) => make().name).join(", ");
  process.stderr.write(
    `usage: npm run simulate -- [--seeds N] [--from SEED] [--mutant NAME]\nmutants: ${names}\n`,
  );
  process.exit(64);
}
const failuresMax = 5;
const tellEvery = 500;
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const simulation = await openSimulation();
let failures = 0;
let total = noTotal;
for (let seed = from; seed < from + seeds && failures < failuresMax; seed += 1) {
  const outcome = await simulation.run(seed, { mutant: mutant() });
  total = addFigures(total, outcome);
  if (outcome.violations.length > 0) {
    failures += 1;
    say(describeFailure(outcome, values.mutant));
  }
  if (total.seeds % tellEvery === 0) {
    say(describeTotal(total));
  }
}
await simulation.close();
say(describeTotal(total));
process.exitCode = failures === 0 ? 0 : 1;

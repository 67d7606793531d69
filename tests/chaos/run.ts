import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensurePackages } from "@tollgate/local/ensure-packages";
import { describeVerdict } from "./describe-verdict.ts";
import { isPlant } from "./plants.ts";
import { runChaos } from "./run-chaos.ts";

/**
 * `npm run chaos -- --minutes 10 --seed anything`: kills, pauses and partitions everything under load, then joins the books
 * of clients, upstream and depositor with the database. Exit code 0 only when every invariant holds. `--plant lost` (or
 * double, drift, leak) spoils the books before the verdict, which must then be bad.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: "tollgate" },
    gap: { type: "string", default: "700" },
    plant: { type: "string" },
  },
});
const minutes = Number(values.minutes);
const gapMs = Number(values.gap);
const { plant } = values;
if (!(minutes > 0) || !(gapMs > 0) || (plant !== undefined && !isPlant(plant))) {
  process.stderr.write(
    "usage: npm run chaos -- [--minutes N] [--seed TEXT] [--gap MILLISECONDS]\n",
  );
  process.exit(64);
}
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const missing = await ensurePackages(["mariadb", "redis"], { show: () => undefined, print: say });
if (missing !== undefined) {
  say(missing);
  process.exit(1);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => process.exit(130));
}
const startedAtMs = performance.now();
const chaos = await runChaos({
  seed: values.seed,
  lengthMs: minutes * 60_000,
  gapMs,
  folder: join(import.meta.dirname, "../.artifacts/chaos"),
  note: (text) => {
    say(`${((performance.now() - startedAtMs) / 1000).toFixed(1).padStart(7)} s  ${text}`);
  },
});
const verdict = chaos.verdict(plant);
await chaos.stop();
say(describeVerdict({ ...chaos, verdict, seed: values.seed, minutes }));
process.exit(verdict.violations.length === 0 ? 0 : 1);

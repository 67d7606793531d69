import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { describeVerdict } from "./describe-verdict.ts";
import { isPlant, plants } from "./plants.ts";
import { type RestingChaos, runChaos } from "./run-chaos.ts";

/** The same faults, in the same order, at every run; which call each of them hits is up to the machine. */
const SEED = "tollgate";
const MINUTES = 1;
const TIMEOUT_MS = 600_000;

describe(`${MINUTES} minute of faults, seed ${SEED}`, { timeout: TIMEOUT_MS }, () => {
  let chaos: RestingChaos | undefined;
  const resting = (): RestingChaos => {
    assert.ok(chaos, "the run has come to rest");
    return chaos;
  };

  before(async () => {
    chaos = await runChaos({
      seed: SEED,
      lengthMs: MINUTES * 60_000,
      gapMs: 700,
      folder: join(import.meta.dirname, "../.artifacts/chaos"),
      note: () => undefined,
    });
  });
  after(async () => {
    await chaos?.stop();
  });

  it("no call is lost or billed twice, no nano drifts, no hold leaks, no secret shows", (test) => {
    const verdict = resting().verdict();
    const report = describeVerdict({ ...resting(), verdict, seed: SEED, minutes: MINUTES });
    test.diagnostic(report);
    assert.equal(verdict.violations.length, 0, report);
  });

  it("was a run that proves something", () => {
    const { figures } = resting().verdict();
    assert.ok(figures.rows > 200, `${figures.rows} bills`);
    assert.ok((figures.byBasis["crash"] ?? 0) > 0, "a relay was killed in the middle of a stream");
    assert.ok((figures.byBasis["partial"] ?? 0) > 0, "an upstream died in the middle of a stream");
    assert.ok((figures.byBasis["counted"] ?? 0) > 0, "an upstream told no usage");
    assert.ok((figures.byBasis["aborted"] ?? 0) > 0, "a client left in the middle of a stream");
  });

  for (const plant of Object.keys(plants).filter(isPlant)) {
    it(`finds what is planted: ${plant}`, () => {
      const { violations } = resting().verdict(plant);
      assert.ok(violations.some(({ invariant }) => invariant === plants[plant]));
    });
  }
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createSeededRandom } from "../testing/seeded-random.ts";
import {
  ZERO,
  addNano,
  formatUsd,
  nanoToQuotaUnits,
  nanoUsd,
  quotaUnitsToNano,
} from "./nano-usd.ts";
import { multiplierOf, unitMultiplier } from "./multiplier.ts";
import { rateNanoUsd, ratePicos } from "./rate.ts";

describe("nano-USD", () => {
  it("never leaves 64 bits", () => {
    const largest = nanoUsd(2n ** 63n - 1n);
    assert.throws(() => addNano(largest, nanoUsd(1n)), RangeError);
    assert.throws(() => nanoUsd(-(2n ** 63n) - 1n), RangeError);
  });

  it("shows quota units rounded toward minus infinity", () => {
    assert.equal(quotaUnitsToNano(500_000n), 1_000_000_000n);
    assert.equal(nanoToQuotaUnits(nanoUsd(3999n)), 1n);
    assert.equal(nanoToQuotaUnits(nanoUsd(-1n)), -1n);
    assert.equal(nanoToQuotaUnits(nanoUsd(-2000n)), -1n);
  });

  it("formats dollars rounded half away from zero", () => {
    assert.equal(formatUsd(nanoUsd(1_005_000_000n), 2), "1.01");
    assert.equal(formatUsd(nanoUsd(-1_005_000_000n), 2), "-1.01");
    assert.equal(formatUsd(nanoUsd(-1n), 2), "0.00");
    assert.equal(formatUsd(nanoUsd(123n), 9), "0.000000123");
    assert.equal(formatUsd(nanoUsd(1_500_000_000n), 0), "2");
  });
});

describe("a multiplier", () => {
  it("is the exact product in lowest terms", () => {
    const { exactNumerator, exactDenominator, ppm } = multiplierOf(800_000n, 333_333n);
    assert.deepEqual([exactNumerator, exactDenominator, ppm], [333_333n, 1_250_000n, 266_666]);
    assert.equal(multiplierOf(0n, 5n).ppm, 0);
    assert.deepEqual(multiplierOf(1_000_000n, 1_000_000n), unitMultiplier);
  });
});

describe("a rate", () => {
  it("is rounded up once, at the very end", () => {
    const line = { units: 1n, picoUsdPerUnit: 1n };
    assert.equal(rateNanoUsd([line, line], unitMultiplier), 1n);
    assert.equal(rateNanoUsd([{ units: 1000n, picoUsdPerUnit: 37_500n }], unitMultiplier), 37_500n);
    const product = multiplierOf(500_000n, 1_500_000n);
    assert.equal(rateNanoUsd([{ units: 3n, picoUsdPerUnit: 1000n }], product), 3n);
    assert.equal(rateNanoUsd([], multiplierOf(1_000_000n)), ZERO);
  });

  it("is the same in machine numbers, or is not told where they might round", () => {
    const seed = 20_261_122;
    const random = createSeededRandom(seed);
    const answered = { yes: 0, no: 0 };
    for (let round = 0; round < 20_000; round += 1) {
      const digits = random.integer(1, 12);
      const draw = (): bigint => BigInt(random.integer(0, 10 ** digits));
      const lines = Array.from({ length: random.integer(0, 4) }, () => ({
        units: BigInt(random.integer(0, 10 ** random.integer(0, 4))),
        picoUsdPerUnit: draw(),
      }));
      const multiplier = multiplierOf(
        ...Array.from({ length: random.integer(0, 3) }, () =>
          random.pick([0n, 1n, 1_000_000n, 1_500_000n, 333_333n, 10_000_000n]),
        ),
      );
      const picos = lines.reduce(
        (sum, { units, picoUsdPerUnit }) => sum + Number(units) * Number(picoUsdPerUnit),
        0,
      );
      const fast = ratePicos(picos, multiplier);
      if (fast !== undefined) {
        assert.equal(fast, rateNanoUsd(lines, multiplier), `seed ${seed}, round ${round}`);
      }
      answered[fast === undefined ? "no" : "yes"] += 1;
    }
    assert.ok(answered.yes > 1000 && answered.no > 1000, JSON.stringify(answered));
  });
});

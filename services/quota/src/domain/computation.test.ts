import assert from "node:assert/strict";
import { test } from "node:test";
import { multiplierOf } from "@tollgate/kit/money/multiplier";
import { computationOf } from "./computation.ts";
import type { PriceVector } from "./price.ts";
import { freePrice } from "./price.ts";
import { costNanosMax } from "./rating.ts";
import { bases, noUsage } from "./usage.ts";

const short: PriceVector = {
  ...freePrice,
  input: 1_250_000n,
  cacheRead: 37_500n,
  output: 10_000_000n,
};
const long: PriceVector = {
  ...freePrice,
  input: 2_500_000n,
  cacheRead: 75_000n,
  output: 15_000_000n,
};
const tiered: PriceVector = {
  ...short,
  tiers: [{ abovePromptTokens: 200_000, price: long }],
};
const half = multiplierOf(500_000n);

test("each bucket is units times price, and the sum is multiplied and rounded up once", () => {
  const usage = { ...noUsage, inputTokens: 3, cacheReadTokens: 1, outputTokens: 2, calls: 1 };
  const told = computationOf({ usage, basis: bases.usage }, { price: short, multiplier: half });
  assert.deepEqual(told.lines, [
    { part: "input", units: 3, picoUsdPerUnit: 1_250_000n, picoUsd: 3_750_000n },
    { part: "cacheRead", units: 1, picoUsdPerUnit: 37_500n, picoUsd: 37_500n },
    { part: "output", units: 2, picoUsdPerUnit: 10_000_000n, picoUsd: 20_000_000n },
  ]);
  // 23,787,500 picos x 1/2 = 11,893.75 nanos
  assert.equal(told.sumPicoUsd, 23_787_500n);
  assert.deepEqual([told.exactNumerator, told.exactDenominator], [47_575n, 4n]);
  assert.deepEqual([told.exactNanos, told.roundingNanos], ["11893.75", "0.25"]);
  assert.equal(told.amountNanos, 11_894n);
});

test("a prompt above a threshold has the prices of its tier, one at the threshold has not", () => {
  const at = (inputTokens: number) =>
    computationOf(
      { usage: { ...noUsage, inputTokens }, basis: bases.usage },
      { price: tiered, multiplier: multiplierOf() },
    );
  assert.deepEqual(at(200_000).tierThresholds, [200_000]);
  assert.equal(at(200_000).tierAbovePromptTokens, 0);
  assert.equal(at(200_001).tierAbovePromptTokens, 200_000);
  assert.equal(at(200_001).lines[0]?.picoUsdPerUnit, 2_500_000n);
});

test("a free basis costs nothing whatever the lines say", () => {
  const usage = { ...noUsage, inputTokens: 3 };
  const told = computationOf({ usage, basis: bases.failed }, { price: short, multiplier: half });
  assert.deepEqual([told.isFree, told.amountNanos, told.exactNanos], [true, 0n, "1875"]);
  assert.equal(told.roundingNanos, "0");
});

test("no call costs more than the bound, and the exact figure is told all the same", () => {
  const usage = { ...noUsage, inputTokens: Number.MAX_SAFE_INTEGER };
  const told = computationOf(
    { usage, basis: bases.usage },
    { price: short, multiplier: multiplierOf(1_234_567n, 3n) },
  );
  assert.equal(told.isCapped, told.amountNanos === costNanosMax);
  const huge = computationOf(
    { usage, basis: bases.usage },
    { price: { ...short, input: 10n ** 15n }, multiplier: multiplierOf() },
  );
  assert.deepEqual([huge.isCapped, huge.amountNanos], [true, costNanosMax]);
  assert.equal(huge.exactNanos, `${Number.MAX_SAFE_INTEGER}${"0".repeat(12)}`);
});

test("two multipliers in millionths are still exact", () => {
  const usage = { ...noUsage, inputTokens: 1 };
  const told = computationOf(
    { usage, basis: bases.usage },
    { price: { ...short, input: 1n }, multiplier: multiplierOf(1n, 1n) },
  );
  assert.equal(told.exactNanos, "0.000000000000001");
  assert.equal(told.amountNanos, 1n);
});

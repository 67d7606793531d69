import assert from "node:assert/strict";
import { test } from "node:test";
import { multiplierOf, unitMultiplier } from "@tollgate/kit/money/multiplier";
import { rateNanoUsd } from "@tollgate/kit/money/rate";
import { createSeededRandom } from "@tollgate/kit/testing/seeded-random";
import type { PricePart, PriceVector } from "./price.ts";
import { freePrice, priceByRatio } from "./price.ts";
import { boundCost, costNanosMax, costOf } from "./rating.ts";
import { parseRatio } from "./ratio.ts";
import type { Usage } from "./usage.ts";
import { noUsage } from "./usage.ts";

const price = priceByRatio("gpt-4o-mini", parseRatio("0.075"), parseRatio("4"));

test("the cost is rounded up once, over all buckets", () => {
  // 1 × 150,000 + 1 × 600,000 pico-USD at 0.001 = 750 pico-USD.
  assert.equal(
    costOf({ ...noUsage, inputTokens: 1, outputTokens: 1 }, price, multiplierOf(1000n)),
    1n,
  );
  assert.equal(
    costOf({ ...noUsage, inputTokens: 1, outputTokens: 1 }, price, unitMultiplier),
    750n,
  );
});

test("nothing used, a free price or a multiplier of 0 cost nothing", () => {
  assert.equal(costOf(noUsage, price, unitMultiplier), 0n);
  assert.equal(costOf({ ...noUsage, inputTokens: 5 }, freePrice, unitMultiplier), 0n);
  assert.equal(costOf({ ...noUsage, inputTokens: 5 }, price, multiplierOf(0n)), 0n);
});

test("a cost that no wallet could bear is bounded instead of overflowing", () => {
  const dear = priceByRatio("x", parseRatio("1000000"), parseRatio("1000000"));
  assert.equal(
    costOf({ ...noUsage, outputTokens: 4_294_967_295 }, dear, unitMultiplier),
    costNanosMax,
  );
  assert.equal(boundCost(2n ** 63n - 1n), costNanosMax);
  assert.equal(boundCost(-5n), 0n);
});

test("every bucket counts, and the result is the exact one", () => {
  const random = createSeededRandom(7);
  const buckets: readonly (readonly [keyof Usage, PricePart])[] = [
    ["inputTokens", "input"],
    ["cacheReadTokens", "cacheRead"],
    ["cacheWrite5mTokens", "cacheWrite5m"],
    ["cacheWrite1hTokens", "cacheWrite1h"],
    ["outputTokens", "output"],
    ["reasoningTokens", "reasoning"],
    ["audioInputTokens", "audioInput"],
    ["audioOutputTokens", "audioOutput"],
    ["imageInputTokens", "imageInput"],
    ["imageOutputTokens", "imageOutput"],
    ["calls", "call"],
    ["images", "image"],
    ["milliseconds", "millisecond"],
    ["characters", "character"],
  ];
  const vector: Record<PricePart, bigint> & Pick<PriceVector, "tiers"> = { ...freePrice };
  for (const [index, [, component]] of buckets.entries()) {
    vector[component] = BigInt(7 ** (index % 5)) + BigInt(index);
  }
  for (let round = 0; round < 500; round += 1) {
    const usage: Record<keyof Usage, number> = { ...noUsage };
    for (const [bucket] of buckets) {
      usage[bucket] = random.integer(0, 3) === 0 ? random.integer(0, 1_000_000) : 0;
    }
    const multiplier = multiplierOf(BigInt(random.integer(0, 3_000_000)));
    const lines = buckets.map(([bucket, component]) => ({
      units: BigInt(usage[bucket]),
      picoUsdPerUnit: vector[component],
    }));
    assert.equal(costOf(usage, vector, multiplier), rateNanoUsd(lines, multiplier));
  }
});

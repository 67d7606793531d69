/** What must be true of every estimate and every cost, tried on drawn prices and usage. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { multiplierOf, unitMultiplier } from "@tollgate/kit/money/multiplier";
import { PriceVectorSchema } from "@tollgate/proto/type/v1/price";
import type { PriceVector } from "@tollgate/proto/type/v1/price";
import * as fc from "fast-check";
import { NO_USAGE, completionTokensOf, promptTokensOf } from "#conversation/token-usage.ts";
import type { RatedUsage } from "#ledgering/model-rate.ts";
import { costOf, estimateOf, rateOf } from "#ledgering/model-rate.ts";

type Part = Exclude<keyof PriceVector, "$typeName" | "$unknown" | "tiers">;

const buckets = {
  inputTokens: "inputPicoUsd",
  cacheReadTokens: "cacheReadPicoUsd",
  cacheWrite5mTokens: "cacheWrite5mPicoUsd",
  cacheWrite1hTokens: "cacheWrite1hPicoUsd",
  outputTokens: "outputPicoUsd",
  reasoningTokens: "reasoningPicoUsd",
  audioInputTokens: "audioInputPicoUsd",
  audioOutputTokens: "audioOutputPicoUsd",
  imageInputTokens: "imageInputPicoUsd",
  imageOutputTokens: "imageOutputPicoUsd",
  calls: "callPicoUsd",
  images: "imagePicoUsd",
  milliseconds: "millisecondPicoUsd",
  characters: "characterPicoUsd",
} as const satisfies Readonly<Record<keyof RatedUsage, Part>>;

const names = Object.keys(buckets);
const pico = fc.oneof(fc.constant(0n), fc.bigInt(0n, 10n ** 8n), fc.bigInt(0n, 10n ** 11n));
const parts = fc
  .tuple(...names.map(() => pico))
  .map((prices) =>
    Object.fromEntries(Object.values(buckets).map((part, index) => [part, prices[index] ?? 0n])),
  );
const vector = fc
  .tuple(parts, fc.array(fc.tuple(fc.nat(300_000), parts), { maxLength: 3 }))
  .map(([short, tiers]) =>
    create(PriceVectorSchema, {
      ...short,
      tiers: tiers
        .map(([above, price]) => ({ abovePromptTokens: BigInt(above), price }))
        .toSorted((left, right) => Number(left.abovePromptTokens - right.abovePromptTokens)),
    }),
  );
const usage = fc.tuple(...names.map(() => fc.oneof(fc.constant(0), fc.nat(200_000)))).map(usageOf);
const ppm = fc.constantFrom(0n, 1n, 333_333n, 1_000_000n, 2_500_000n);

test("an estimate that bounds the units bounds the cost, in every tier and for every kind of token", () => {
  fc.assert(
    fc.property(usage, vector, fc.tuple(ppm, ppm, fc.nat(1000)), (used, price, drawn) => {
      const [group, user, spare] = drawn;
      const rate = rateOf(price);
      const multiplier = multiplierOf(group, user);
      const units = {
        input: promptTokensOf(used) + spare,
        output: completionTokensOf(used) + spare,
        images: used.images ?? 0,
        milliseconds: used.milliseconds ?? 0,
        characters: used.characters ?? 0,
      };
      assert.ok(estimateOf(units, rate, multiplier) >= costOf(used, rate, multiplier));
    }),
    { numRuns: 500 },
  );
});

test("a cost is the exact fraction of the tier that the prompt reaches, rounded up once", () => {
  fc.assert(
    fc.property(usage, vector, fc.tuple(ppm, ppm), (used, price, [group, user]) => {
      let applied: PriceVector = price;
      for (const tier of price.tiers) {
        const isReached = BigInt(promptTokensOf(used)) > tier.abovePromptTokens;
        applied = isReached && tier.price !== undefined ? tier.price : applied;
      }
      let picos = 0n;
      for (const [bucket, part] of entriesOf(buckets)) {
        picos += BigInt(used[bucket] ?? 0) * applied[part];
      }
      const denominator = 10n ** 15n;
      const exact = (picos * group * user + denominator - 1n) / denominator;
      assert.equal(costOf(used, rateOf(price), multiplierOf(group, user)), exact);
    }),
    { numRuns: 500 },
  );
});

test("the dearest tier within reach is set aside, one out of reach is not", () => {
  const rate = rateOf(
    create(PriceVectorSchema, {
      inputPicoUsd: 1_250_000n,
      outputPicoUsd: 10_000_000n,
      tiers: [
        {
          abovePromptTokens: 200_000n,
          price: { inputPicoUsd: 2_500_000n, outputPicoUsd: 15_000_000n },
        },
      ],
    }),
  );
  const short = estimateOf({ input: 200_000, output: 1 }, rate, unitMultiplier);
  assert.equal(short, 250_010_000n);
  const long = estimateOf({ input: 200_001, output: 1 }, rate, unitMultiplier);
  assert.equal(long, 500_017_500n);
});

function usageOf(counts: readonly number[]): RatedUsage {
  const used = Object.fromEntries(names.map((name, index) => [name, counts[index] ?? 0]));
  return { ...NO_USAGE, ...used, calls: 1 };
}

function entriesOf<Key extends string, Value>(
  record: Readonly<Record<Key, Value>>,
): readonly (readonly [Key, Value])[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a closed record
  return Object.entries(record) as [Key, Value][];
}

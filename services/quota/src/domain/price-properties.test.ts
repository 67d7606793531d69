/** What must be true of any price and any usage, tried on drawn ones. A failure prints its seed and the smallest case. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { multiplierOf } from "@tollgate/kit/money/multiplier";
import * as fc from "fast-check";
import { defaultRatioOptions, mergeWithDefaults } from "./default-ratios.ts";
import type { OperatorTexts } from "./default-ratios.ts";
import type { PriceBook } from "./price-book.ts";
import { makePriceBook, resolvePrice } from "./price-book.ts";
import { readPricingOptions } from "./price-options.ts";
import { exportRatios } from "./price-ratios.ts";
import { priceOfTexts } from "./price-text.ts";
import type { PricePart, PriceVector } from "./price.ts";
import { inputParts, otherParts, outputParts } from "./price.ts";
import { boundCost, costNanosMax, costOf } from "./rating.ts";
import { formatRatio, formatRatioJson, parseRatio, parseRatioJson } from "./ratio.ts";
import type { Usage } from "./usage.ts";
import { noUsage, promptTokensOf } from "./usage.ts";

const parts: readonly PricePart[] = [...inputParts, ...outputParts, ...otherParts];

const buckets = {
  inputTokens: "input",
  cacheReadTokens: "cacheRead",
  cacheWrite5mTokens: "cacheWrite5m",
  cacheWrite1hTokens: "cacheWrite1h",
  outputTokens: "output",
  reasoningTokens: "reasoning",
  audioInputTokens: "audioInput",
  audioOutputTokens: "audioOutput",
  imageInputTokens: "imageInput",
  imageOutputTokens: "imageOutput",
  calls: "call",
  images: "image",
  milliseconds: "millisecond",
  characters: "character",
} as const satisfies Readonly<Record<keyof Usage, PricePart>>;

const usage = usageUpTo(0xffff_ffff);
const smallUsage = usageUpTo(300_000);
const pico = fc.oneof(fc.bigInt(0n, 10n ** 7n), fc.bigInt(0n, 10n ** 12n));
const ppm = fc.oneof(fc.constantFrom(0n, 1n, 500_000n, 1_000_000n), fc.bigInt(0n, 10_000_000n));
const price = fc
  .tuple(vector(), fc.array(fc.tuple(fc.nat(400_000), vector()), { maxLength: 3 }))
  .map(([short, tiers]) => tiered(short, tiers));

test("a cost is the exact fraction, rounded up once", () => {
  fc.assert(
    fc.property(fc.record({ used: usage, cost: price, group: ppm, user: ppm }), (drawn) => {
      const { used, cost, group, user } = drawn;
      const applied = tierOf(cost, used);
      let picos = 0n;
      for (const [bucket, part] of entriesOf(buckets)) {
        picos += BigInt(used[bucket]) * applied[part];
      }
      const numerator = picos * group * user;
      const denominator = 1000n * 10n ** 12n;
      const exact = (numerator + denominator - 1n) / denominator;
      assert.equal(costOf(used, cost, multiplierOf(group, user)), boundCost(exact));
    }),
  );
});

test("more usage, a higher price or a higher multiplier never cost less", () => {
  fc.assert(
    fc.property(
      fc.tuple(smallUsage, smallUsage),
      vector(),
      fc.tuple(ppm, ppm),
      (uses, base, ppms) => {
        const [used, more] = uses;
        const [low, extra] = ppms;
        const cost = costOf(used, base, multiplierOf(low));
        const dearer: Record<PricePart, bigint> & Pick<PriceVector, "tiers"> = { ...base };
        for (const part of parts) {
          dearer[part] += 7n;
        }
        assert.ok(costOf(sumOf(used, more), base, multiplierOf(low)) >= cost);
        assert.ok(costOf(used, dearer, multiplierOf(low)) >= cost);
        assert.ok(costOf(used, base, multiplierOf(low + extra)) >= cost);
      },
    ),
  );
});

test("two calls cost what one call of both would, but for at most one nano-USD of rounding", () => {
  fc.assert(
    fc.property(fc.tuple(smallUsage, smallUsage), vector(), ppm, ([left, right], base, group) => {
      const multiplier = multiplierOf(group);
      const apart = costOf(left, base, multiplier) + costOf(right, base, multiplier);
      const together = costOf(sumOf(left, right), base, multiplier);
      const isBounded = apart >= costNanosMax || together >= costNanosMax;
      assert.ok(isBounded || (apart - together >= 0n && apart - together <= 1n));
    }),
  );
});

const name = fc
  .stringMatching(/^[a-z0-9][a-z0-9.\-/]{0,20}$/u)
  .filter((text) => text !== "constructor");
const decimal = fc.oneof(
  fc.double({ min: 0, max: 1_000_000, noNaN: true }).map((value) => String(Math.abs(value))),
  fc.tuple(fc.nat(1000), fc.nat(99_999_999)).map(([whole, fraction]) => `${whole}.${fraction}`),
);
const ratios = fc.dictionary(
  fc.oneof(
    name,
    fc.constantFrom("gpt-4o", "gemini-2.5-pro", "claude-opus-4-5", "dall-e-3", "qwen-plus"),
    fc.tuple(name, fc.nat(60)).map(([model, type]) => `${model}(${type})`),
  ),
  decimal,
  { maxKeys: 12, noNullPrototype: true },
);

test("ratios that are imported come out with the same numbers, and as the same prices", () => {
  fc.assert(
    fc.property(ratios, ratios, (modelRatio, completionRatio) => {
      const book = aBook({ modelRatio, completionRatio });
      const exported = exportRatios(book);
      assertSameNumbers(exported.modelRatio, modelRatio);
      assertSameNumbers(exported.completionRatio, completionRatio);
      assertSamePrices(reimport(book), book);
    }),
    { numRuns: 15 },
  );
});

test("the shipped prices come out of One API's tables whole, with what these leave out kept", () => {
  const options = { ...defaultRatioOptions, UnknownModelPolicy: "default-ratio" };
  const shipped = aBook({ modelRatio: {}, completionRatio: {} });
  const imported = makePriceBook(2, 0, mergeWithDefaults(readPricingOptions(options)));
  assertSamePrices(imported, { ...shipped, models: imported.models });
  assertSamePrices(reimport(imported), imported);
  const { unsayable } = exportRatios(shipped);
  const long = unsayable.find(({ model }) => model === "gemini-2.5-pro");
  assert.ok(long?.parts.includes("tiers") && long.parts.includes("cacheRead"));
});

test("a ratio moves a price and keeps its proportions", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), (times) => {
      const ratio = formatRatio({ numerator: 625n * BigInt(times), denominator: 1000n });
      const book = aBook({ modelRatio: { "gemini-2.5-pro": ratio } });
      const moved = present(resolvePrice(book, "gemini-2.5-pro", 24));
      const factor = BigInt(times);
      assert.deepEqual(
        [moved.input, moved.cacheRead, moved.output],
        [1_250_000n * factor, 125_000n * factor, 10_000_000n * factor],
      );
      assert.deepEqual(
        moved.tiers.map((tier) => [tier.abovePromptTokens, tier.price.input, tier.price.output]),
        [[200_000, 2_500_000n * factor, 15_000_000n * factor]],
      );
    }),
    { numRuns: 20 },
  );
});

test("any ratio that JSON can say reads back from the text it was written as", () => {
  fc.assert(
    fc.property(ratios, (texts) => {
      assert.deepEqual(parseRatioJson(formatRatioJson(texts)), texts);
    }),
  );
});

test("dollars per million become pico-USD per token without a rounding", () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(999_999), (whole, millionths) => {
      const text = `${whole}.${String(millionths).padStart(6, "0")}`;
      const { input, image } = priceOfTexts({ input: text, image: text });
      const micros = BigInt(whole) * 1_000_000n + BigInt(millionths);
      assert.deepEqual([input, image], [micros, micros * 1_000_000n]);
    }),
  );
});

function usageUpTo(max: number): fc.Arbitrary<Usage> {
  const count = fc.oneof(fc.constant(0), fc.nat(max));
  const drawUsage = (counts: readonly number[]): Usage => {
    const used: Record<keyof Usage, number> = { ...noUsage };
    for (const [index, [bucket]] of entriesOf(buckets).entries()) {
      used[bucket] = counts[index] ?? 0;
    }
    return used;
  };
  return fc.tuple(...Object.keys(noUsage).map(() => count)).map(drawUsage);
}

function vector(): fc.Arbitrary<PriceVector> {
  const drawPrice = (prices: readonly bigint[]): PriceVector => {
    const made: Record<PricePart, bigint> & Pick<PriceVector, "tiers"> = { ...priceOfTexts({}) };
    for (const [index, part] of parts.entries()) {
      made[part] = prices[index] ?? 0n;
    }
    return made;
  };
  return fc.tuple(...parts.map(() => pico)).map(drawPrice);
}

function tiered(
  short: PriceVector,
  tiers: readonly (readonly [number, PriceVector])[],
): PriceVector {
  const sorted = tiers
    .map(([abovePromptTokens, long]) => ({ abovePromptTokens, price: long }))
    .toSorted((left, right) => left.abovePromptTokens - right.abovePromptTokens);
  return { ...short, tiers: sorted };
}

/** As the definition says it, without a shortcut. */
function tierOf(cost: PriceVector, used: Usage): PriceVector {
  let applied = cost;
  for (const tier of cost.tiers) {
    applied = promptTokensOf(used) > tier.abovePromptTokens ? tier.price : applied;
  }
  return applied;
}

function sumOf(left: Usage, right: Usage): Usage {
  const sum: Record<keyof Usage, number> = { ...left };
  for (const [bucket] of entriesOf(buckets)) {
    sum[bucket] += right[bucket];
  }
  return sum;
}

function aBook(texts: Pick<OperatorTexts, "modelRatio"> & Partial<OperatorTexts>): PriceBook {
  const operator: OperatorTexts = {
    completionRatio: {},
    groupRatio: { default: "1" },
    userRatio: {},
    prices: {},
    policy: "default-ratio",
    ...texts,
  };
  return makePriceBook(1, 0, mergeWithDefaults(operator));
}

function reimport(book: PriceBook): PriceBook {
  const { modelRatio, completionRatio } = exportRatios(book);
  return aBook({
    modelRatio: parseRatioJson(formatRatioJson(modelRatio)),
    completionRatio: parseRatioJson(formatRatioJson(completionRatio)),
  });
}

function assertSameNumbers(
  actual: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, string>>,
): void {
  for (const [model, text] of Object.entries(expected)) {
    const left = parseRatio(actual[model] ?? "");
    const right = parseRatio(text);
    const isSame = left.numerator * right.denominator === right.numerator * left.denominator;
    assert.ok(isSame, `${model}: ${actual[model]} is not ${text}`);
  }
}

function assertSamePrices(actual: PriceBook, expected: PriceBook): void {
  for (const { model, channelType, price: expectedPrice } of expected.models) {
    assert.deepEqual(resolvePrice(actual, model, channelType), expectedPrice, model);
    assert.deepEqual(resolvePrice(expected, model, channelType), expectedPrice, model);
  }
}

function entriesOf<Key extends string, Value>(
  record: Readonly<Record<Key, Value>>,
): readonly (readonly [Key, Value])[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a closed record
  return Object.entries(record) as [Key, Value][];
}

function present<Value>(value: Value | undefined): Value {
  assert.ok(value !== undefined);
  return value;
}

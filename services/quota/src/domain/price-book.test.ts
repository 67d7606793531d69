import assert from "node:assert/strict";
import { test } from "node:test";
import { isQuotaFault } from "./faults.ts";
import { defaultRatioOptions, mergeWithDefaults } from "./default-ratios.ts";
import type { OperatorTexts } from "./default-ratios.ts";
import { makePriceBook, multiplierFor, resolvePrice } from "./price-book.ts";
import type { PriceBook } from "./price-book.ts";
import { readPricingOptions, readRatioOption } from "./price-options.ts";

const empty: OperatorTexts = {
  modelRatio: {},
  completionRatio: {},
  groupRatio: { default: "1", vip: "0.5" },
  userRatio: {},
  prices: {},
  policy: "default-ratio",
};

function aBook(texts: Partial<OperatorTexts> = {}): PriceBook {
  return makePriceBook(1, 0, mergeWithDefaults({ ...empty, ...texts }));
}

function inputAndOutput(book: PriceBook, model: string, channelType = 0) {
  const price = resolvePrice(book, model, channelType);
  return price === undefined ? undefined : [price.input, price.output];
}

test("ratios become pico-USD without a rounding error", () => {
  const book = aBook();
  assert.deepEqual(inputAndOutput(book, "gpt-4o-mini"), [150_000n, 600_000n]);
  assert.deepEqual(inputAndOutput(book, "gpt-4"), [30_000_000n, 60_000_000n]);
  assert.deepEqual(inputAndOutput(book, "gpt-3.5-turbo-0613"), [1_500_000n, 2_000_000n]);
  assert.deepEqual(inputAndOutput(book, "deepseek-reasoner"), [550_000n, 2_190_000n]);
});

test("a ratio for a channel type comes before the general one", () => {
  const book = aBook();
  assert.deepEqual(inputAndOutput(book, "llama3-8b-8192", 33), [300_000n, 600_000n]);
  assert.deepEqual(inputAndOutput(book, "llama3-8b-8192", 1), [50_000n, 100_000n]);
  assert.deepEqual(inputAndOutput(book, "llama3-70b-8192", 33), [2_650_000n, 3_500_000n]);
  const typed = book.models.filter(({ model }) => model === "llama3-8b-8192");
  assert.deepEqual(new Set(typed.map(({ channelType }) => channelType)), new Set([0, 33]));
});

test("models that search the web have the price of their model", () => {
  const book = aBook();
  const plain = resolvePrice(book, "qwen-plus", 17);
  assert.deepEqual(resolvePrice(book, "qwen-plus-internet", 17), plain);
  assert.equal(
    resolvePrice(book, "command-r-internet", 35)?.input,
    resolvePrice(book, "command-r", 35)?.input,
  );
});

test("the operator's ratios come before the built-in ones", () => {
  const book = aBook({
    modelRatio: { "gpt-4o": "1", mine: "0.0375" },
    completionRatio: { mine: "3" },
  });
  assert.deepEqual(inputAndOutput(book, "gpt-4o"), [2_000_000n, 8_000_000n]);
  assert.deepEqual(inputAndOutput(book, "mine"), [75_000n, 225_000n]);
});

test("a model without a price follows the policy", () => {
  assert.deepEqual(inputAndOutput(aBook(), "nobody-knows"), [60_000_000n, 60_000_000n]);
  assert.equal(inputAndOutput(aBook({ policy: "refuse" }), "nobody-knows"), undefined);
  assert.deepEqual(inputAndOutput(aBook({ policy: "free" }), "nobody-knows"), [0n, 0n]);
});

test("cached input is cheaper only where a provider says so", () => {
  const book = aBook();
  const claude = resolvePrice(book, "claude-3-5-sonnet-20241022", 14);
  assert.deepEqual(
    [claude?.input, claude?.cacheRead, claude?.cacheWrite5m, claude?.cacheWrite1h],
    [3_000_000n, 300_000n, 3_750_000n, 6_000_000n],
  );
  const gpt4o = resolvePrice(book, "gpt-4o", 1);
  assert.deepEqual([gpt4o?.input, gpt4o?.cacheRead], [2_500_000n, 1_250_000n]);
  const other = resolvePrice(book, "mistral-tiny", 28);
  assert.equal(other?.cacheRead, other?.input);
});

test("a group has its multiplier, an unknown one has 1", () => {
  assert.equal(multiplierFor(aBook(), { group: "vip", userId: 1 }).ppm, 500_000);
  assert.equal(multiplierFor(aBook(), { group: "nobody", userId: 1 }).ppm, 1_000_000);
});

test("a user's multiplier comes on top of the group's, exactly", () => {
  const book = aBook({ userRatio: { 7: "0.333333" } });
  const { ppm, exactNumerator, exactDenominator } = multiplierFor(book, {
    group: "vip",
    userId: 7,
  });
  assert.deepEqual([exactNumerator, exactDenominator, ppm], [333_333n, 2_000_000n, 166_667]);
  assert.equal(multiplierFor(book, { group: "nobody", userId: 7 }).ppm, 333_333);
  assert.equal(multiplierFor(book, { group: "vip", userId: 8 }).ppm, 500_000);
});

test("the built-in tables hold no negative and no thousandfold too small ratio", () => {
  const book = aBook();
  assert.ok(book.models.every(({ price }) => price.input >= 0n && price.output >= 0n));
  assert.ok(!book.models.some(({ model }) => model === "openrouter/auto"));
  assert.deepEqual(inputAndOutput(book, "step-1-8k"), [710_000n, 710_000n]);
  assert.deepEqual(inputAndOutput(book, "mixtral-8x7b-32768"), [240_000n, 240_000n]);
});

test("the built-in tables as options read back to the same prices", () => {
  const options = { ...defaultRatioOptions, UnknownModelPolicy: "default-ratio" };
  const texts = readPricingOptions(options);
  const byModel = (book: PriceBook) =>
    new Map(book.models.map((entry) => [`${entry.model}(${entry.channelType})`, entry]));
  assert.deepEqual(
    byModel(makePriceBook(1, 0, mergeWithDefaults(texts))),
    byModel(aBook({ groupRatio: texts.groupRatio })),
  );
});

test("an option that is no table of ratios is refused", () => {
  for (const json of ["", "[]", "null", '{"a": -1}', '{"a": "1"}', '{"a": 1e999}', '{"a": {}}']) {
    assert.throws(
      () => readRatioOption("ModelRatio", json),
      (error) => isQuotaFault("OPTION_INVALID", error),
      json,
    );
  }
});

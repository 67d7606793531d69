/** The price of a model, ready to be applied: the one place of the relay where usage becomes money. */
import type { Multiplier } from "@tollgate/kit/money/multiplier";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { RatedLine } from "@tollgate/kit/money/rate";
import { rateNanoUsd, ratePicos } from "@tollgate/kit/money/rate";
import type { PriceVector } from "@tollgate/proto/type/v1/price";
import { promptTokensOf } from "#conversation/token-usage.ts";
import type { CallUsage } from "#ledgering/call-record.ts";

/** The price of a model. */
export interface ModelRate {
  readonly vector: PriceVector;
  /** The same in machine numbers; one beyond 2^53 is rounded, but so large that nothing is computed with it. */
  readonly prices: MachinePrices;
  /** The dearest that a unit can get: estimates must bound what comes. */
  readonly ceiling: RateCeiling;
  /** Prices of long prompts by ascending threshold; the ceiling of each covers everything below it as well. */
  readonly tiers: readonly RateTier[];
}

/** Pico-USD a unit, by the units that {@link RatedUsage} counts. */
type MachinePrices = Readonly<Record<keyof RatedUsage, number>>;

/** Pico-USD a unit, whatever kind of token it turns out to be. */
export interface RateCeiling {
  readonly input: bigint;
  readonly output: bigint;
  readonly call: bigint;
  readonly image: bigint;
  readonly millisecond: bigint;
  readonly character: bigint;
}

/** The price of a call with a long prompt. */
export interface RateTier {
  readonly abovePromptTokens: number;
  readonly rate: ModelRate;
}

/** What a call may take at most. */
export interface EstimatedUnits {
  readonly input: number;
  readonly output: number;
  readonly images?: number;
  readonly milliseconds?: number;
  readonly characters?: number;
}

/** What was taken; the buckets beyond tokens are of surfaces that count them. */
export type RatedUsage = CallUsage & {
  readonly images?: number;
  readonly milliseconds?: number;
  readonly characters?: number;
};

/** Makes a price ready. */
export function rateOf(vector: PriceVector): ModelRate {
  const tiers: RateTier[] = [];
  const plain = plainRateOf(vector);
  let below = plain;
  for (const { abovePromptTokens, price } of vector.tiers) {
    if (price !== undefined) {
      const rate = plainRateOf(price);
      below = { ...rate, ceiling: higherOf(rate.ceiling, below.ceiling) };
      tiers.push({ abovePromptTokens: Number(abovePromptTokens), rate: below });
    }
  }
  return { ...plain, tiers };
}

/** The exact cost of a call, rounded up once. */
export function costOf(usage: RatedUsage, rate: ModelRate, multiplier: Multiplier): NanoUsd {
  const applied = rate.tiers.length === 0 ? rate : tierFor(rate, promptTokensOf(usage));
  const picos = picosOf(usage, applied.prices);
  return ratePicos(picos, multiplier) ?? rateNanoUsd(linesOf(usage, applied.vector), multiplier);
}

/** What must be set aside for so many units, whatever kinds of tokens they turn out to be, in the dearest tier within reach. */
export function estimateOf(
  units: EstimatedUnits,
  rate: ModelRate,
  multiplier: Multiplier,
): NanoUsd {
  const { ceiling } = rate.tiers.length === 0 ? rate : tierFor(rate, units.input);
  const picos =
    units.input * Number(ceiling.input) +
    units.output * Number(ceiling.output) +
    Number(ceiling.call) +
    (units.images ?? 0) * Number(ceiling.image) +
    (units.milliseconds ?? 0) * Number(ceiling.millisecond) +
    (units.characters ?? 0) * Number(ceiling.character);
  return ratePicos(picos, multiplier) ?? rateNanoUsd(linesOfEstimate(units, ceiling), multiplier);
}

function picosOf(usage: RatedUsage, prices: MachinePrices): number {
  return (
    usage.inputTokens * prices.inputTokens +
    usage.cacheReadTokens * prices.cacheReadTokens +
    usage.cacheWrite5mTokens * prices.cacheWrite5mTokens +
    usage.cacheWrite1hTokens * prices.cacheWrite1hTokens +
    usage.outputTokens * prices.outputTokens +
    usage.reasoningTokens * prices.reasoningTokens +
    usage.audioInputTokens * prices.audioInputTokens +
    usage.audioOutputTokens * prices.audioOutputTokens +
    usage.imageInputTokens * prices.imageInputTokens +
    usage.imageOutputTokens * prices.imageOutputTokens +
    usage.calls * prices.calls +
    (usage.images ?? 0) * prices.images +
    (usage.milliseconds ?? 0) * prices.milliseconds +
    (usage.characters ?? 0) * prices.characters
  );
}

function machinePricesOf(vector: PriceVector): MachinePrices {
  return {
    inputTokens: Number(vector.inputPicoUsd),
    cacheReadTokens: Number(vector.cacheReadPicoUsd),
    cacheWrite5mTokens: Number(vector.cacheWrite5mPicoUsd),
    cacheWrite1hTokens: Number(vector.cacheWrite1hPicoUsd),
    outputTokens: Number(vector.outputPicoUsd),
    reasoningTokens: Number(vector.reasoningPicoUsd),
    audioInputTokens: Number(vector.audioInputPicoUsd),
    audioOutputTokens: Number(vector.audioOutputPicoUsd),
    imageInputTokens: Number(vector.imageInputPicoUsd),
    imageOutputTokens: Number(vector.imageOutputPicoUsd),
    calls: Number(vector.callPicoUsd),
    images: Number(vector.imagePicoUsd),
    milliseconds: Number(vector.millisecondPicoUsd),
    characters: Number(vector.characterPicoUsd),
  };
}

/** For costs that machine numbers might round. */
function linesOf(usage: RatedUsage, vector: PriceVector): readonly RatedLine[] {
  return [
    line(usage.inputTokens, vector.inputPicoUsd),
    line(usage.cacheReadTokens, vector.cacheReadPicoUsd),
    line(usage.cacheWrite5mTokens, vector.cacheWrite5mPicoUsd),
    line(usage.cacheWrite1hTokens, vector.cacheWrite1hPicoUsd),
    line(usage.outputTokens, vector.outputPicoUsd),
    line(usage.reasoningTokens, vector.reasoningPicoUsd),
    line(usage.audioInputTokens, vector.audioInputPicoUsd),
    line(usage.audioOutputTokens, vector.audioOutputPicoUsd),
    line(usage.imageInputTokens, vector.imageInputPicoUsd),
    line(usage.imageOutputTokens, vector.imageOutputPicoUsd),
    line(usage.calls, vector.callPicoUsd),
    line(usage.images ?? 0, vector.imagePicoUsd),
    line(usage.milliseconds ?? 0, vector.millisecondPicoUsd),
    line(usage.characters ?? 0, vector.characterPicoUsd),
  ];
}

function linesOfEstimate(units: EstimatedUnits, ceiling: RateCeiling): readonly RatedLine[] {
  return [
    line(units.input, ceiling.input),
    line(units.output, ceiling.output),
    line(1, ceiling.call),
    line(units.images ?? 0, ceiling.image),
    line(units.milliseconds ?? 0, ceiling.millisecond),
    line(units.characters ?? 0, ceiling.character),
  ];
}

function line(units: number, picoUsdPerUnit: bigint): RatedLine {
  return { units: BigInt(units), picoUsdPerUnit };
}

/** The last tier whose threshold is exceeded, else the price of short prompts. */
function tierFor(rate: ModelRate, promptTokens: number): ModelRate {
  return (
    rate.tiers.findLast(({ abovePromptTokens }) => promptTokens > abovePromptTokens)?.rate ?? rate
  );
}

function plainRateOf(vector: PriceVector): ModelRate {
  return {
    vector,
    prices: machinePricesOf(vector),
    ceiling: ceilingOf(vector),
    tiers: [],
  };
}

function ceilingOf(vector: PriceVector): RateCeiling {
  return {
    input: largest([
      vector.inputPicoUsd,
      vector.cacheReadPicoUsd,
      vector.cacheWrite5mPicoUsd,
      vector.cacheWrite1hPicoUsd,
      vector.audioInputPicoUsd,
      vector.imageInputPicoUsd,
    ]),
    output: largest([
      vector.outputPicoUsd,
      vector.reasoningPicoUsd,
      vector.audioOutputPicoUsd,
      vector.imageOutputPicoUsd,
    ]),
    call: vector.callPicoUsd,
    image: vector.imagePicoUsd,
    millisecond: vector.millisecondPicoUsd,
    character: vector.characterPicoUsd,
  };
}

function higherOf(left: RateCeiling, right: RateCeiling): RateCeiling {
  return {
    input: largest([left.input, right.input]),
    output: largest([left.output, right.output]),
    call: largest([left.call, right.call]),
    image: largest([left.image, right.image]),
    millisecond: largest([left.millisecond, right.millisecond]),
    character: largest([left.character, right.character]),
  };
}

function largest(values: readonly bigint[]): bigint {
  return values.reduce((left, right) => (left > right ? left : right));
}

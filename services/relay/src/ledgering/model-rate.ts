/** The price of a model, ready to be applied: the one place of the relay where usage becomes money. */
import type { Multiplier } from "@tollgate/kit/money/multiplier";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { ZERO } from "@tollgate/kit/money/nano-usd";
import type { RatedLine } from "@tollgate/kit/money/rate";
import { rateNanoUsdFast } from "@tollgate/kit/money/rate";
import type { PriceVector } from "@tollgate/proto/type/v1/price";
import { promptTokensOf } from "#conversation/token-usage.ts";
import type { CallUsage } from "#ledgering/call-record.ts";

/** The price of a model. */
export interface ModelRate {
  readonly vector: PriceVector;
  /** The dearest that a unit can get: estimates must bound what comes. */
  readonly ceiling: RateCeiling;
  /** Prices of long prompts by ascending threshold; the ceiling of each covers everything below it as well. */
  readonly tiers: readonly RateTier[];
}

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
  const { vector } = rate.tiers.length === 0 ? rate : tierFor(rate, promptTokensOf(usage));
  const lines: RatedLine[] = [];
  addLine(lines, usage.inputTokens, vector.inputPicoUsd);
  addLine(lines, usage.cacheReadTokens, vector.cacheReadPicoUsd);
  addLine(lines, usage.cacheWrite5mTokens, vector.cacheWrite5mPicoUsd);
  addLine(lines, usage.cacheWrite1hTokens, vector.cacheWrite1hPicoUsd);
  addLine(lines, usage.outputTokens, vector.outputPicoUsd);
  addLine(lines, usage.reasoningTokens, vector.reasoningPicoUsd);
  addLine(lines, usage.audioInputTokens, vector.audioInputPicoUsd);
  addLine(lines, usage.audioOutputTokens, vector.audioOutputPicoUsd);
  addLine(lines, usage.imageInputTokens, vector.imageInputPicoUsd);
  addLine(lines, usage.imageOutputTokens, vector.imageOutputPicoUsd);
  addLine(lines, usage.calls, vector.callPicoUsd);
  addLine(lines, usage.images ?? 0, vector.imagePicoUsd);
  addLine(lines, usage.milliseconds ?? 0, vector.millisecondPicoUsd);
  addLine(lines, usage.characters ?? 0, vector.characterPicoUsd);
  return lines.length === 0 ? ZERO : rateNanoUsdFast(lines, multiplier);
}

/** What must be set aside for so many units, whatever kinds of tokens they turn out to be, in the dearest tier within reach. */
export function estimateOf(
  units: EstimatedUnits,
  rate: ModelRate,
  multiplier: Multiplier,
): NanoUsd {
  const { ceiling } = rate.tiers.length === 0 ? rate : tierFor(rate, units.input);
  const lines: RatedLine[] = [];
  addLine(lines, units.input, ceiling.input);
  addLine(lines, units.output, ceiling.output);
  addLine(lines, 1, ceiling.call);
  addLine(lines, units.images ?? 0, ceiling.image);
  addLine(lines, units.milliseconds ?? 0, ceiling.millisecond);
  addLine(lines, units.characters ?? 0, ceiling.character);
  return rateNanoUsdFast(lines, multiplier);
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

function addLine(lines: RatedLine[], units: number, picoUsdPerUnit: bigint): void {
  if (units > 0 && picoUsdPerUnit !== 0n) {
    lines.push({ units: BigInt(units), picoUsdPerUnit });
  }
}

function largest(values: readonly bigint[]): bigint {
  return values.reduce((left, right) => (left > right ? left : right));
}

/** What a call costs: its usage in the prices of the book that was current at its start. */
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { ZERO, nanoUsd } from "@tollgate/kit/money/nano-usd";
import type { RatedLine } from "@tollgate/kit/money/rate";
import { rateNanoUsdFast } from "@tollgate/kit/money/rate";
import type { PriceVector } from "./price.ts";
import type { Usage } from "./usage.ts";

/**
 * Nothing costs more: ten million USD. A call beyond it is a fault of its upstream or of a price, and must not overflow the wallet
 * nor keep its journal from being applied.
 */
export const costNanosMax: NanoUsd = nanoUsd(10n ** 16n);

type Bucket = readonly [keyof Usage, keyof PriceVector];

const buckets: readonly Bucket[] = [
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

/** The exact cost, rounded up once, at most {@link costNanosMax}. */
export function costOf(usage: Usage, price: PriceVector, multiplierPpm: number): NanoUsd {
  const lines: RatedLine[] = [];
  for (const [bucket, component] of buckets) {
    const units = usage[bucket];
    if (units > 0) {
      lines.push({ units: BigInt(units), picoUsdPerUnit: price[component] });
    }
  }
  if (lines.length === 0) {
    return ZERO;
  }
  try {
    return boundCost(rateNanoUsdFast(lines, [BigInt(multiplierPpm)]));
  } catch (error) {
    // Translates: a cost that does not fit 64 bits is above the bound as well.
    if (error instanceof RangeError) {
      return costNanosMax;
    }
    throw error;
  }
}

/** A cost that someone else computed, forced into 0 … {@link costNanosMax}. */
export function boundCost(cost: bigint): NanoUsd {
  if (cost <= 0n) {
    return ZERO;
  }
  return cost > costNanosMax ? costNanosMax : nanoUsd(cost);
}

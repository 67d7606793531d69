/** What a call costs: its usage in the prices of the book that was current at its start. */
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { ZERO, nanoUsd } from "@tollgate/kit/money/nano-usd";
import type { Multiplier } from "@tollgate/kit/money/multiplier";
import { rateNanoUsd, ratePicos } from "@tollgate/kit/money/rate";
import type { PricePart, PriceVector } from "./price.ts";
import { priceFor } from "./price.ts";
import type { Usage } from "./usage.ts";
import { promptTokensOf } from "./usage.ts";

/**
 * Nothing costs more: ten million USD. A call beyond it is a fault of its upstream or of a price, and must not overflow the wallet
 * nor keep its journal from being applied.
 */
export const costNanosMax: NanoUsd = nanoUsd(10n ** 16n);

type Bucket = readonly [keyof Usage, PricePart];

/** Which price each bucket of usage is multiplied by, in the order in which they are told. */
export const usageBuckets: readonly Bucket[] = [
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
export function costOf(usage: Usage, price: PriceVector, multiplier: Multiplier): NanoUsd {
  const applied = price.tiers.length === 0 ? price : priceFor(price, promptTokensOf(usage));
  const picos = picosOf(usage, machinePriceOf(applied));
  return ratePicos(picos, multiplier) ?? largeCostOf(usage, applied, multiplier);
}

/** The same for a cost that machine numbers might round. */
function largeCostOf(usage: Usage, price: PriceVector, multiplier: Multiplier): NanoUsd {
  const lines = usageBuckets.map(([bucket, part]) => ({
    units: BigInt(usage[bucket]),
    picoUsdPerUnit: price[part],
  }));
  try {
    return boundCost(rateNanoUsd(lines, multiplier));
  } catch (error) {
    // Translates: a cost that does not fit 64 bits is above the bound as well.
    if (error instanceof RangeError) {
      return costNanosMax;
    }
    throw error;
  }
}

type MachinePrice = Readonly<Record<PricePart, number>>;

const machinePrices = new WeakMap<PriceVector, MachinePrice>();

/** A price as machine numbers; one beyond 2^53 is rounded, but so large that nothing is computed with it. */
function machinePriceOf(price: PriceVector): MachinePrice {
  let known = machinePrices.get(price);
  if (known === undefined) {
    known = {
      input: Number(price.input),
      cacheRead: Number(price.cacheRead),
      cacheWrite5m: Number(price.cacheWrite5m),
      cacheWrite1h: Number(price.cacheWrite1h),
      output: Number(price.output),
      reasoning: Number(price.reasoning),
      audioInput: Number(price.audioInput),
      audioOutput: Number(price.audioOutput),
      imageInput: Number(price.imageInput),
      imageOutput: Number(price.imageOutput),
      call: Number(price.call),
      image: Number(price.image),
      millisecond: Number(price.millisecond),
      character: Number(price.character),
    };
    machinePrices.set(price, known);
  }
  return known;
}

/** As {@link usageBuckets} say, spelled out because it runs for every call. */
function picosOf(usage: Usage, price: MachinePrice): number {
  return (
    usage.inputTokens * price.input +
    usage.cacheReadTokens * price.cacheRead +
    usage.cacheWrite5mTokens * price.cacheWrite5m +
    usage.cacheWrite1hTokens * price.cacheWrite1h +
    usage.outputTokens * price.output +
    usage.reasoningTokens * price.reasoning +
    usage.audioInputTokens * price.audioInput +
    usage.audioOutputTokens * price.audioOutput +
    usage.imageInputTokens * price.imageInput +
    usage.imageOutputTokens * price.imageOutput +
    usage.calls * price.call +
    usage.images * price.image +
    usage.milliseconds * price.millisecond +
    usage.characters * price.character
  );
}

/** A cost that someone else computed, forced into 0 … {@link costNanosMax}. */
export function boundCost(cost: bigint): NanoUsd {
  if (cost <= 0n) {
    return ZERO;
  }
  return cost > costNanosMax ? costNanosMax : nanoUsd(cost);
}

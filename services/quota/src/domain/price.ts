/**
 * Prices in pico-USD per unit. One API's ratio 1 is 0.002 USD per thousand input tokens: 2,000,000 pico-USD per token. Every other
 * bucket follows from the input price, so that One API's bill comes out to the nano-USD.
 */
import { cacheMultiplesOf } from "./cache-multiples.ts";
import type { Ratio } from "./ratio.ts";
import { scaleByRatios } from "./ratio.ts";

/** A price for each bucket of usage, pico-USD per unit. */
export interface PriceVector {
  readonly input: bigint;
  readonly cacheRead: bigint;
  readonly cacheWrite5m: bigint;
  readonly cacheWrite1h: bigint;
  readonly output: bigint;
  readonly reasoning: bigint;
  readonly audioInput: bigint;
  readonly audioOutput: bigint;
  readonly imageInput: bigint;
  readonly imageOutput: bigint;
  readonly call: bigint;
  readonly image: bigint;
  readonly millisecond: bigint;
  readonly character: bigint;
  /** Prices of long prompts, by ascending threshold. */
  readonly tiers: readonly PriceTier[];
}

/** What a call costs whose prompt is long: all of it, not only what is beyond the threshold. */
export interface PriceTier {
  /** It applies when the input tokens of all kinds are more than this. */
  readonly abovePromptTokens: number;
  /** Without tiers. */
  readonly price: PriceVector;
}

/** A part of a price that counts units. */
export type PricePart = Exclude<keyof PriceVector, "tiers">;

/** Parts that follow the price of input when only that is changed, as One API's ratios do. */
export const inputParts = [
  "input",
  "cacheRead",
  "cacheWrite5m",
  "cacheWrite1h",
  "audioInput",
  "imageInput",
  "image",
  "character",
] as const satisfies readonly PricePart[];

/** Parts that follow the price of output. */
export const outputParts = [
  "output",
  "reasoning",
  "audioOutput",
  "imageOutput",
] as const satisfies readonly PricePart[];

/** Parts that ratios know nothing of. */
export const otherParts = ["call", "millisecond"] as const satisfies readonly PricePart[];

/** The price of an input token at ratio 1. */
export const picoUsdPerRatio = 2_000_000n;
// One API bills an image like a thousand input tokens, times a factor for its size that is counted in `images`.
export const tokensPerImage = 1000n;
// OpenAI's list price of whisper-1 is 0.006 USD per minute; One API has no price per time.
const millisecondPrices: ReadonlyMap<string, bigint> = new Map([["whisper-1", 100_000n]]);

const noTiers: readonly PriceTier[] = Object.freeze([]);

/** Free of charge in every bucket. */
export const freePrice: PriceVector = Object.freeze(
  priceOfTokens({
    model: "",
    input: 0n,
    output: 0n,
    cache: { read: 0n, write5m: 0n, write1h: 0n },
  }),
);

/** The price that a model ratio and a completion ratio amount to. `model` decides about cached input only. */
export function priceByRatio(
  model: string,
  modelRatio: Ratio,
  completionRatio: Ratio,
): PriceVector {
  const multiples = cacheMultiplesOf(model);
  const inputTimes = (multiple: Ratio): bigint =>
    scaleByRatios(picoUsdPerRatio, [modelRatio, multiple]);
  return priceOfTokens({
    model,
    input: scaleByRatios(picoUsdPerRatio, [modelRatio]),
    output: inputTimes(completionRatio),
    cache: {
      read: inputTimes(multiples.read),
      write5m: inputTimes(multiples.write5m),
      write1h: inputTimes(multiples.write1h),
    },
  });
}

interface TokenPrices {
  readonly model: string;
  readonly input: bigint;
  readonly output: bigint;
  readonly cache: { readonly read: bigint; readonly write5m: bigint; readonly write1h: bigint };
}

function priceOfTokens({ model, input, output, cache }: TokenPrices): PriceVector {
  return {
    input,
    cacheRead: cache.read,
    cacheWrite5m: cache.write5m,
    cacheWrite1h: cache.write1h,
    output,
    reasoning: output,
    audioInput: input,
    audioOutput: output,
    imageInput: input,
    imageOutput: output,
    call: 0n,
    image: input * tokensPerImage,
    millisecond: millisecondPrices.get(model) ?? 0n,
    character: input,
    tiers: noTiers,
  };
}

/** The price of the whole call for a prompt of this length, cached input included. */
export function priceFor(price: PriceVector, promptTokens: number): PriceVector {
  const { tiers } = price;
  return tiers.length === 0
    ? price
    : (tiers.findLast(({ abovePromptTokens }) => promptTokens > abovePromptTokens)?.price ?? price);
}

/** What a price's input and output are multiplied by. */
export interface PriceScale {
  readonly input: Ratio;
  readonly output: Ratio;
}

/** The same price at another level: parts keep their proportions to input or output, in every tier. */
export function scalePrice(price: PriceVector, scale: PriceScale): PriceVector {
  const scaled: Record<PricePart, bigint> = { ...price };
  for (const part of inputParts) {
    scaled[part] = scaleByRatios(price[part], [scale.input]);
  }
  for (const part of outputParts) {
    scaled[part] = scaleByRatios(price[part], [scale.output]);
  }
  const tiers = price.tiers.map(({ abovePromptTokens, price: long }) => ({
    abovePromptTokens,
    price: scalePrice(long, scale),
  }));
  return { ...scaled, tiers };
}

/**
 * The models of this test and their prices. The operator sets them as One API's ratios: ratio 1 is 2 USD for a million tokens of
 * input. No vendor has these names, so that no list of prices and no tokenizer applies to them.
 */
const prices = {
  "chaos-small": { ratio: 0.075, completionRatio: 4, inputNanos: 150n, outputNanos: 600n },
  "chaos-large": { ratio: 2.5, completionRatio: 3, inputNanos: 5000n, outputNanos: 15_000n },
} as const;

export type ModelName = keyof typeof prices;

/** What a call has used. */
export interface TokenCount {
  readonly input: number;
  readonly cacheRead: number;
  readonly output: number;
}

/** Options of the management API that set the prices. */
export function priceOptions(): readonly { readonly key: string; readonly value: string }[] {
  const by = (field: "ratio" | "completionRatio"): string =>
    JSON.stringify(
      Object.fromEntries(Object.entries(prices).map(([model, price]) => [model, price[field]])),
    );
  return [
    { key: "ModelRatio", value: by("ratio") },
    { key: "CompletionRatio", value: by("completionRatio") },
  ];
}

/** The price of a call to the nano-USD; `undefined` = the model is not one of ours. Cached input costs like any input. */
export function costOf(model: string, count: TokenCount): bigint | undefined {
  if (!isModelName(model)) {
    return undefined;
  }
  const { inputNanos, outputNanos } = prices[model];
  return BigInt(count.input + count.cacheRead) * inputNanos + BigInt(count.output) * outputNanos;
}

/** The public count where an upstream reports none: four bytes are a token. */
export function tokensOfBytes(bytes: number): number {
  return Math.ceil(bytes / 4);
}

function isModelName(name: string): name is ModelName {
  return Object.hasOwn(prices, name);
}

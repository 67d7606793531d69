/** What the models of this test cost by One API's table, in nano-USD per token; written down here, not asked of the system. */
const prices = {
  "gpt-4o-mini": { input: 150n, cacheRead: 75n, output: 600n },
  "gpt-4o": { input: 5000n, cacheRead: 2500n, output: 20_000n },
} as const;

export type ModelName = keyof typeof prices;

/** What a call has used. */
export interface TokenCount {
  readonly input: number;
  readonly cacheRead: number;
  readonly output: number;
}

/** The price of a call to the nano; `undefined` = the model is not one of ours. */
export function costOf(model: string, count: TokenCount): bigint | undefined {
  if (model !== "gpt-4o-mini" && model !== "gpt-4o") {
    return undefined;
  }
  const price = prices[model];
  return (
    BigInt(count.input) * price.input +
    BigInt(count.cacheRead) * price.cacheRead +
    BigInt(count.output) * price.output
  );
}

/** The public count where an upstream reports none: four bytes are a token. */
export function tokensOfBytes(bytes: number): number {
  return Math.ceil(bytes / 4);
}

/** What one call consumed, in disjoint buckets: a unit is counted in exactly one of them. */
export interface Usage {
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWrite5mTokens: number;
  readonly cacheWrite1hTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly audioInputTokens: number;
  readonly audioOutputTokens: number;
  readonly imageInputTokens: number;
  readonly imageOutputTokens: number;
  readonly calls: number;
  readonly images: number;
  readonly milliseconds: number;
  readonly characters: number;
}

/** Nothing consumed. */
export const noUsage: Usage = Object.freeze({
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  audioInputTokens: 0,
  audioOutputTokens: 0,
  imageInputTokens: 0,
  imageOutputTokens: 0,
  calls: 0,
  images: 0,
  milliseconds: 0,
  characters: 0,
});

/** Input tokens of all kinds, cached ones included. */
export function promptTokensOf(usage: Usage): number {
  return (
    usage.inputTokens +
    usage.cacheReadTokens +
    usage.cacheWrite5mTokens +
    usage.cacheWrite1hTokens +
    usage.audioInputTokens +
    usage.imageInputTokens
  );
}

/** Output tokens of all kinds. */
export function completionTokensOf(usage: Usage): number {
  return (
    usage.outputTokens + usage.reasoningTokens + usage.audioOutputTokens + usage.imageOutputTokens
  );
}

/** How the usage of a settled call became known; stored as the numbers of `tollgate.type.v1.Basis`. */
export const bases = Object.freeze({
  usage: 1,
  counted: 2,
  aborted: 3,
  drained: 4,
  partial: 5,
  failed: 6,
  crash: 7,
  crashUndelivered: 8,
  cutoff: 9,
  nodeLost: 10,
});

/** The bases under which the customer pays nothing, whatever the buckets say. */
export function isFreeBasis(basis: number): boolean {
  return basis === bases.failed || basis === bases.crashUndelivered;
}

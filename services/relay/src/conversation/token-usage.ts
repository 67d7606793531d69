/**
 * What one call consumed, in disjoint buckets: a unit is counted in exactly one of them. The field names are those of
 * `tollgate.type.v1.Usage`. Counts are non-negative integers.
 */
export interface TokenUsage {
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
}

export const NO_USAGE: TokenUsage = Object.freeze({
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
});

/** Input of every kind, cached or not: what OpenAI calls `prompt_tokens`. */
export const promptTokensOf = (usage: TokenUsage): number =>
  usage.inputTokens +
  usage.cacheReadTokens +
  usage.cacheWrite5mTokens +
  usage.cacheWrite1hTokens +
  usage.audioInputTokens +
  usage.imageInputTokens;

/** Output of every kind: what OpenAI calls `completion_tokens`. */
export const completionTokensOf = (usage: TokenUsage): number =>
  usage.outputTokens + usage.reasoningTokens + usage.audioOutputTokens + usage.imageOutputTokens;

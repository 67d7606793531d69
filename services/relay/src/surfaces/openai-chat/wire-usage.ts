import type { JsonObject } from "#conversation/json-value.ts";
import { completionTokensOf, promptTokensOf } from "#conversation/token-usage.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";

/** The buckets as OpenAI's totals with their subsets. */
export function writeUsage(usage: TokenUsage): JsonObject {
  const prompt = promptTokensOf(usage);
  const completion = completionTokensOf(usage);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: usage.cacheReadTokens,
      cache_write_tokens: usage.cacheWrite5mTokens + usage.cacheWrite1hTokens,
      audio_tokens: usage.audioInputTokens,
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      audio_tokens: usage.audioOutputTokens,
    },
  };
}

import { countOf, isJsonObject, objectOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { NO_USAGE } from "#conversation/token-usage.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";

/** How a vendor's counts differ from OpenAI's. */
export interface UsageQuirks {
  /** A total without its parts is input: embeddings have no output. */
  readonly totalIsInput?: boolean;
  /** `reasoning_tokens` may come on top of `completion_tokens`; `total_tokens` tells whether they do. */
  readonly reasoningOnTop?: boolean;
  /** `cached_tokens` beyond `prompt_tokens` come on top of them. */
  readonly cachedOnTop?: boolean;
}

/**
 * OpenAI's counts, where the parts are subsets of the totals, as disjoint buckets. Undefined for counts that are
 * missing or all zero: absent is not free.
 */
export function readOpenAiUsage(value: unknown, quirks: UsageQuirks = {}): TokenUsage | undefined {
  if (!isJsonObject(value)) {
    return undefined;
  }
  const { prompt, completion, total } = totalsOf(value, quirks);
  if (prompt + completion === 0) {
    return undefined;
  }
  return {
    ...NO_USAGE,
    ...inputOf(value, prompt, quirks),
    ...outputOf(value, { prompt, completion, total }, quirks),
  };
}

interface Totals {
  readonly prompt: number;
  readonly completion: number;
  readonly total: number;
}

/** Where one of the two is left out, the total tells it; a total alone says nothing of a chat's price. */
function totalsOf(usage: JsonObject, quirks: UsageQuirks): Totals {
  const total = countOf(usage["total_tokens"]) ?? 0;
  const prompt = countOf(usage["prompt_tokens"]);
  const completion = countOf(usage["completion_tokens"]);
  if (prompt === undefined && completion === undefined) {
    return { prompt: quirks.totalIsInput === true ? total : 0, completion: 0, total };
  }
  return {
    prompt: prompt ?? Math.max(0, total - (completion ?? 0)),
    completion: completion ?? Math.max(0, total - (prompt ?? 0)),
    total,
  };
}

function inputOf(usage: JsonObject, prompt: number, quirks: UsageQuirks): Partial<TokenUsage> {
  const details = objectOr(usage["prompt_tokens_details"] ?? usage["prompt_token_details"]);
  const cached = Math.max(
    countOf(details["cached_tokens"]) ?? 0,
    countOf(usage["prompt_cache_hit_tokens"]) ?? 0,
    countOf(usage["cached_tokens"]) ?? 0,
    countOf(usage["num_cached_tokens"]) ?? 0,
  );
  if (cached > prompt && quirks.cachedOnTop === true) {
    return { inputTokens: prompt, cacheReadTokens: cached };
  }
  const rest = createSplit(prompt);
  return {
    cacheReadTokens: rest.take(cached),
    cacheWrite5mTokens: rest.take(countOf(details["cache_write_tokens"]) ?? 0),
    audioInputTokens: rest.take(countOf(details["audio_tokens"]) ?? 0),
    imageInputTokens: rest.take(countOf(details["image_tokens"]) ?? 0),
    inputTokens: rest.left(),
  };
}

function outputOf(usage: JsonObject, totals: Totals, quirks: UsageQuirks): Partial<TokenUsage> {
  const details = objectOr(usage["completion_tokens_details"]);
  const reasoning = countOf(details["reasoning_tokens"]) ?? 0;
  const isOnTop =
    quirks.reasoningOnTop === true &&
    totals.total === totals.prompt + totals.completion + reasoning;
  const rest = createSplit(totals.completion + (isOnTop ? reasoning : 0));
  return {
    reasoningTokens: rest.take(reasoning),
    audioOutputTokens: rest.take(countOf(details["audio_tokens"]) ?? 0),
    imageOutputTokens: rest.take(countOf(details["image_tokens"]) ?? 0),
    outputTokens: rest.left(),
  };
}

/** Parts taken off a total never add up to more than it: a wrong part cannot make another negative. */
function createSplit(total: number): {
  readonly take: (part: number) => number;
  readonly left: () => number;
} {
  let left = total;
  return {
    take: (part) => {
      const taken = Math.min(part, left);
      left -= taken;
      return taken;
    },
    left: () => left,
  };
}

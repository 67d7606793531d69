import { billedCountOf, isJsonObject, largerCount, objectOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { NO_USAGE } from "#conversation/token-usage.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";

/**
 * Anthropic's counts as reported so far. They are cumulative: of each member the largest counts, so that neither the order nor a
 * repetition of reports changes anything, and nothing is ever added up.
 */
export interface AnthropicUsage {
  /** Takes the next report; null and missing members leave the earlier ones as they are. */
  readonly update: (value: unknown) => void;
  /** The disjoint buckets, or undefined as long as nothing was reported. */
  readonly current: () => TokenUsage | undefined;
}

/** Starts with nothing reported. */
export function createAnthropicUsage(): AnthropicUsage {
  const counts: Partial<Record<CountName, number>> = {};
  let isReported = false;
  return {
    update: (value) => {
      if (!isJsonObject(value)) {
        return;
      }
      for (const name of COUNT_NAMES) {
        const count = largerCount(counts[name], COUNT_READERS[name](value));
        if (count !== undefined) {
          counts[name] = count;
          isReported = true;
        }
      }
    },
    current: () => (isReported ? bucketsOf(counts) : undefined),
  };
}

/** The counts of a whole reply. */
export function readAnthropicUsage(value: unknown): TokenUsage | undefined {
  const usage = createAnthropicUsage();
  usage.update(value);
  return usage.current();
}

const COUNT_READERS = {
  input: (usage) => billedCountOf(usage["input_tokens"]),
  cacheRead: (usage) => billedCountOf(usage["cache_read_input_tokens"]),
  cacheWrite: (usage) => billedCountOf(usage["cache_creation_input_tokens"]),
  cacheWrite1h: (usage) =>
    billedCountOf(objectOr(usage["cache_creation"])["ephemeral_1h_input_tokens"]),
  output: (usage) => billedCountOf(usage["output_tokens"]),
  thinking: (usage) => billedCountOf(objectOr(usage["output_tokens_details"])["thinking_tokens"]),
} as const satisfies Record<string, (usage: JsonObject) => number | undefined>;

type CountName = keyof typeof COUNT_READERS;

const COUNT_NAMES = [
  "input",
  "cacheRead",
  "cacheWrite",
  "cacheWrite1h",
  "output",
  "thinking",
] as const satisfies readonly CountName[];

/** `input_tokens` excludes the cache; thinking is a part of `output_tokens`. Writes without a lifetime live 5 minutes. */
function bucketsOf(counts: Partial<Record<CountName, number>>): TokenUsage {
  const cacheWrite = counts.cacheWrite ?? counts.cacheWrite1h ?? 0;
  const cacheWrite1h = Math.min(counts.cacheWrite1h ?? 0, cacheWrite);
  const output = counts.output ?? 0;
  const thinking = Math.min(counts.thinking ?? 0, output);
  return {
    ...NO_USAGE,
    inputTokens: counts.input ?? 0,
    cacheReadTokens: counts.cacheRead ?? 0,
    cacheWrite5mTokens: cacheWrite - cacheWrite1h,
    cacheWrite1hTokens: cacheWrite1h,
    outputTokens: output - thinking,
    reasoningTokens: thinking,
  };
}

import { billedCountOf, isJsonObject, largerCount, objectOr } from "#conversation/json-value.ts";
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
 * OpenAI's counts as reported so far. Vendors repeat them, on every chunk or once more at the end, and they only grow: of each
 * member the largest counts, so that neither the order nor a repetition of reports changes anything.
 */
export interface OpenAiUsage {
  /** Takes the next report; true if it said something. */
  readonly update: (value: unknown) => boolean;
  /** The disjoint buckets, undefined as long as nothing was reported; a zero that was said is zero. */
  readonly current: () => TokenUsage | undefined;
}

/** Starts with nothing reported. */
export function createOpenAiUsage(quirks: UsageQuirks = {}): OpenAiUsage {
  let counts: Counts | undefined;
  return {
    update: (value) => {
      if (!isJsonObject(value)) {
        return false;
      }
      const said = readCounts(value);
      counts = counts === undefined ? said : mergeCounts(counts, said);
      return totalsOf(said, quirks) !== undefined;
    },
    current: () => (counts === undefined ? undefined : bucketsOf(counts, quirks)),
  };
}

/** The counts of a whole reply. */
export function readOpenAiUsage(value: unknown, quirks: UsageQuirks = {}): TokenUsage | undefined {
  return isJsonObject(value) ? bucketsOf(readCounts(value), quirks) : undefined;
}

function bucketsOf(counts: Counts, quirks: UsageQuirks): TokenUsage | undefined {
  const totals = totalsOf(counts, quirks);
  return totals === undefined
    ? undefined
    : { ...NO_USAGE, ...inputOf(counts, totals, quirks), ...outputOf(counts, totals, quirks) };
}

const COUNT_NAMES = [
  "prompt",
  "completion",
  "total",
  "cached",
  "cacheWrite",
  "audioInput",
  "imageInput",
  "reasoning",
  "audioOutput",
  "imageOutput",
] as const;

type Counts = Readonly<Partial<Record<(typeof COUNT_NAMES)[number], number | undefined>>>;

function readCounts(usage: JsonObject): Counts {
  const input = objectOr(usage["prompt_tokens_details"] ?? usage["prompt_token_details"]);
  const output = objectOr(usage["completion_tokens_details"]);
  const cached = largerCount(
    largerCount(
      billedCountOf(input["cached_tokens"]),
      billedCountOf(usage["prompt_cache_hit_tokens"]),
    ),
    largerCount(billedCountOf(usage["cached_tokens"]), billedCountOf(usage["num_cached_tokens"])),
  );
  return {
    prompt: billedCountOf(usage["prompt_tokens"]),
    completion: billedCountOf(usage["completion_tokens"]),
    total: billedCountOf(usage["total_tokens"]),
    cached,
    cacheWrite: billedCountOf(input["cache_write_tokens"]),
    audioInput: billedCountOf(input["audio_tokens"]),
    imageInput: billedCountOf(input["image_tokens"]),
    reasoning: billedCountOf(output["reasoning_tokens"]),
    audioOutput: billedCountOf(output["audio_tokens"]),
    imageOutput: billedCountOf(output["image_tokens"]),
  };
}

function mergeCounts(left: Counts, right: Counts): Counts {
  return Object.fromEntries(
    COUNT_NAMES.map((name) => [name, largerCount(left[name], right[name])]),
  );
}

interface Totals {
  readonly prompt: number;
  readonly completion: number;
  readonly total: number;
}

/** Where one of the two is left out, the total tells it; a total alone says nothing of a chat's price. */
function totalsOf(counts: Counts, quirks: UsageQuirks): Totals | undefined {
  const { prompt, completion, total = 0 } = counts;
  if (prompt === undefined && completion === undefined) {
    return quirks.totalIsInput === true && counts.total !== undefined
      ? { prompt: total, completion: 0, total }
      : undefined;
  }
  return {
    prompt: prompt ?? Math.max(0, total - (completion ?? 0)),
    completion: completion ?? Math.max(0, total - (prompt ?? 0)),
    total,
  };
}

function inputOf(counts: Counts, { prompt }: Totals, quirks: UsageQuirks): Partial<TokenUsage> {
  const { cached = 0, cacheWrite = 0, audioInput = 0, imageInput = 0 } = counts;
  if (cached > prompt && quirks.cachedOnTop === true) {
    return { inputTokens: prompt, cacheReadTokens: cached };
  }
  const rest = createSplit(prompt);
  return {
    cacheReadTokens: rest.take(cached),
    cacheWrite5mTokens: rest.take(cacheWrite),
    audioInputTokens: rest.take(audioInput),
    imageInputTokens: rest.take(imageInput),
    inputTokens: rest.left(),
  };
}

function outputOf(counts: Counts, totals: Totals, quirks: UsageQuirks): Partial<TokenUsage> {
  const { reasoning = 0, audioOutput = 0, imageOutput = 0 } = counts;
  const isOnTop =
    quirks.reasoningOnTop === true &&
    totals.total === totals.prompt + totals.completion + reasoning;
  const rest = createSplit(totals.completion + (isOnTop ? reasoning : 0));
  return {
    reasoningTokens: rest.take(reasoning),
    audioOutputTokens: rest.take(audioOutput),
    imageOutputTokens: rest.take(imageOutput),
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

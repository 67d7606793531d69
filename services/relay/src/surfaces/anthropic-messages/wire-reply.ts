import type { JsonObject } from "#conversation/json-value.ts";
import type { StopReason } from "#conversation/stop-reason.ts";
import { completionTokensOf, NO_USAGE } from "#conversation/token-usage.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";

/** The buckets in Anthropic's words, where the input excludes the cache. */
export function writeUsage(usage: TokenUsage = NO_USAGE): JsonObject {
  return {
    input_tokens: usage.inputTokens + usage.audioInputTokens + usage.imageInputTokens,
    cache_creation_input_tokens: usage.cacheWrite5mTokens + usage.cacheWrite1hTokens,
    cache_read_input_tokens: usage.cacheReadTokens,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWrite5mTokens,
      ephemeral_1h_input_tokens: usage.cacheWrite1hTokens,
    },
    output_tokens: completionTokensOf(usage),
  };
}

/** `stop_reason` and `stop_sequence`. */
export function writeStop(reason: StopReason): JsonObject {
  return {
    stop_reason: STOPS[reason.kind],
    stop_sequence: reason.kind === "stop-sequence" ? (reason.sequence ?? null) : null,
  };
}

const STOPS = {
  end: "end_turn",
  "stop-sequence": "stop_sequence",
  length: "max_tokens",
  "tool-calls": "tool_use",
  "content-filter": "refusal",
  other: "end_turn",
} as const satisfies Record<StopReason["kind"], string>;

/** The id of a message; ids of other dialects get Anthropic's beginning. */
export function messageId(upstreamId: string, requestId: string): string {
  const id = upstreamId === "" ? requestId : upstreamId;
  return id.startsWith("msg_") ? id : `msg_${id}`;
}

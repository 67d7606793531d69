/** Usage as the relay itself knows it, where the upstream did not say it all. */
import type { JsonObject } from "#conversation/json-value.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";
import { NO_USAGE, promptTokensOf } from "#conversation/token-usage.ts";
import { encodingOf } from "#counting/encodings.ts";
import { promptPiecesOf } from "#counting/prompt-pieces.ts";
import type { TokenCounter } from "#counting/token-counter.ts";
import { tokensOfContent } from "#pipeline/estimate.ts";
import { isPlausible } from "#pipeline/usage-watch.ts";

export interface Delivered {
  /** What the upstream said, as far as it did. */
  readonly reported: TokenUsage | undefined;
  /** Input as the estimate has it: bytes and pictures. */
  readonly inputTokens: number;
  /** Bytes of content that were passed on. */
  readonly contentBytes: number;
}

/** Usage for content that was passed on, from what costs nothing to know. */
export function deliveredUsage({ reported, inputTokens, contentBytes }: Delivered): TokenUsage {
  const outputTokens = tokensOfContent(contentBytes);
  if (reported === undefined || !isPlausible(reported)) {
    return { ...NO_USAGE, inputTokens, outputTokens };
  }
  return {
    ...reported,
    // A report before the end may hold zeros where nothing is known yet.
    inputTokens: promptTokensOf(reported) === 0 ? inputTokens : reported.inputTokens,
    outputTokens: Math.max(reported.outputTokens, outputTokens - reported.reasoningTokens),
  };
}

export interface OwnCount {
  readonly usage: TokenUsage;
  /** The tokens were not counted but taken from bytes. */
  readonly isEstimated: boolean;
}

export interface CountedCall extends Delivered {
  readonly counting: TokenCounter;
  /** The upstream's name of the model. */
  readonly model: string;
  readonly body: JsonObject;
  /** Tokens of pictures and other media in the body. */
  readonly mediaTokens: number;
  /** What was passed on; `undefined` = it was not kept. */
  readonly text: string | undefined;
}

/**
 * Usage for content that was passed on: counted with the model's own encoding if that is public and the upstream reported nothing,
 * otherwise {@link deliveredUsage}. Resolves within the counter's deadline; never rejects.
 */
export async function countCall(call: CountedCall): Promise<OwnCount> {
  const encoding = encodingOf(call.model);
  const isReported = call.reported !== undefined && isPlausible(call.reported);
  if (encoding === undefined || call.text === undefined || isReported) {
    return { usage: deliveredUsage(call), isEstimated: true };
  }
  const { texts, framingTokens } = promptPiecesOf(call.body);
  const counts = await call.counting.count({ encoding, input: texts, output: call.text });
  if (counts === undefined) {
    return { usage: deliveredUsage(call), isEstimated: true };
  }
  const inputTokens = counts.inputTokens + framingTokens + call.mediaTokens;
  const usage = { ...NO_USAGE, inputTokens, outputTokens: counts.outputTokens };
  return { usage, isEstimated: false };
}

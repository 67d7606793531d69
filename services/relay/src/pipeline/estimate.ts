/**
 * How many tokens a call may take, from what costs nothing to know. The reservation assumes three bytes a token, which is more
 * tokens than text has; where an upstream reports no usage and nothing can be counted, four bytes a token are billed.
 * Pictures, sound and documents stand for a fixed number of tokens each instead of their bytes. A call of a strict user is taken at
 * its very most at once: every byte a token, and all output, for which a bound is set where the client has set none.
 */
import { listedTokensOf } from "#counting/prompt-pieces.ts";
import type { KeyGrant } from "#ledgering/key-grants.ts";
import { limits } from "#limits.ts";
import { findMedia } from "#pipeline/call-media.ts";
import type { IncomingCall } from "#pipeline/incoming-call.ts";
import { unseenTokensOf } from "#pipeline/unseen-tokens.ts";

/** Bytes of content that a token is taken to have when money is set aside. */
export const reserveBytesPerToken = 3;
const billedBytesPerToken = 4;

export interface CallEstimate {
  /** What input takes at most as a rule, for the reservation. */
  readonly inputTokensMax: number;
  /** What input cannot exceed, for a token of text is at least a byte: reserved when the balance is thin. */
  readonly inputTokensBound: number;
  /** Output that money is set aside for at the beginning: all of it, or of a stream a part. */
  readonly outputTokensReserved: number;
  /** The client's own bound of all choices, `Infinity` = it has set none. */
  readonly outputTokensLimit: number;
  /** Bound of each choice to be written into what is sent; `undefined` = the client's own bound, if any, stands. */
  readonly outputTokensCap: number | undefined;
  /** Billed as input if the upstream does not say and nobody can count. */
  readonly inputTokens: number;
  /** The part of {@link inputTokens} that is no text. */
  readonly mediaTokens: number;
}

/** What of a call the estimate reads. */
export type EstimatedCall = Pick<IncomingCall, "body" | "json" | "brief"> & {
  readonly grant: Pick<KeyGrant, "isStrict">;
};

/** Whom the call goes to. */
export interface EstimatedServing {
  readonly pricedModel: string;
  readonly channel: { readonly systemPrompt: string };
}

export function estimateCall(call: EstimatedCall, serving: EstimatedServing): CallEstimate {
  const { body, json } = call;
  const media = findMedia(json, serving.pricedModel);
  const { systemPrompt } = serving.channel;
  const addedBytes = systemPrompt === "" ? 0 : Buffer.byteLength(systemPrompt);
  const textBytes = Math.max(0, body.length - media.chars) + addedBytes;
  const inputTokensBound = textBytes + media.tokensMax;
  return {
    inputTokensMax: call.grant.isStrict
      ? inputTokensBound
      : // Tokens given as numbers may be shorter than three bytes.
        Math.ceil(textBytes / reserveBytesPerToken) + media.tokensMax + listedTokensOf(json),
    inputTokensBound,
    inputTokens: Math.ceil(textBytes / billedBytesPerToken) + media.tokens,
    mediaTokens: media.tokens,
    ...outputOf(call, serving.pricedModel),
  };
}

/** Tokens that are billed for so many bytes of content passed on. */
export function tokensOfContent(bytes: number): number {
  return Math.ceil(bytes / billedBytesPerToken);
}

function outputOf(
  { json, brief, grant }: EstimatedCall,
  model: string,
): Pick<CallEstimate, "outputTokensReserved" | "outputTokensLimit" | "outputTokensCap"> {
  const outputTokensCap = undefined;
  if (brief.isInputOnly) {
    return { outputTokensReserved: 0, outputTokensLimit: 0, outputTokensCap };
  }
  const { choices, outputTokensMax } = brief;
  const max = choices * (outputTokensMax ?? limits.outputTokensDefault);
  if (grant.isStrict) {
    const cap = outputTokensMax === undefined ? limits.outputTokensDefault : undefined;
    return { outputTokensReserved: max, outputTokensLimit: max, outputTokensCap: cap };
  }
  const limit = outputTokensMax === undefined ? Number.POSITIVE_INFINITY : max;
  if (!brief.stream) {
    return { outputTokensReserved: max, outputTokensLimit: limit, outputTokensCap };
  }
  // What is not seen cannot be counted on its way, so it is set aside at once.
  const first = choices * limits.outputTokensStep + unseenTokensOf(json, model, max);
  return { outputTokensReserved: Math.min(first, max), outputTokensLimit: limit, outputTokensCap };
}

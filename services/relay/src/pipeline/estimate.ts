/**
 * How many tokens a call may take, from what costs nothing to know. The reservation assumes three bytes a token, which is more
 * tokens than text has; where an upstream reports no usage at all, four bytes a token are billed (COUNTED, ABORTED, PARTIAL).
 * Inline pictures and documents count a fixed number of tokens each instead of their base64 text.
 */
import { limits } from "#limits.ts";
import type { CallBrief } from "#surfaces/surface.ts";

const reserveBytesPerToken = 3;
const billedBytesPerToken = 4;
const mediaCharsMin = 512;
const base64Mark = Buffer.from("base64");

export interface CallEstimate {
  /** What input takes at most as a rule, for the reservation. */
  readonly inputTokensMax: number;
  /** What text cannot exceed, for a token is at least a byte: reserved when the balance is thin. */
  readonly inputTokensBound: number;
  readonly outputTokensMax: number;
  /** Billed as input if the upstream does not say. */
  readonly inputTokens: number;
}

export function estimateCall(body: Uint8Array, json: unknown, brief: CallBrief): CallEstimate {
  const media = findMedia(body, json);
  const textBytes = Math.max(0, body.length - media.chars);
  const mediaTokens = media.count * limits.mediaTokens;
  return {
    inputTokensMax: Math.ceil(textBytes / reserveBytesPerToken) + mediaTokens,
    inputTokensBound: textBytes + mediaTokens,
    inputTokens: Math.ceil(textBytes / billedBytesPerToken) + mediaTokens,
    outputTokensMax: brief.isInputOnly
      ? 0
      : brief.choices * (brief.outputTokensMax ?? limits.outputTokensDefault),
  };
}

/** Tokens that are billed for so many bytes of content passed on. */
export function tokensOfContent(bytes: number): number {
  return Math.ceil(bytes / billedBytesPerToken);
}

interface Media {
  readonly chars: number;
  readonly count: number;
}

const noMedia: Media = { chars: 0, count: 0 };

function findMedia(body: Uint8Array, json: unknown): Media {
  const mayHoldMedia = body.length > mediaCharsMin && includesBytes(body, base64Mark);
  return mayHoldMedia ? countMedia(json) : noMedia;
}

/** Depth is bounded before: bodies that nest too deep are refused. */
function countMedia(value: unknown): Media {
  if (typeof value === "string") {
    return isBase64(value) ? { chars: value.length, count: 1 } : noMedia;
  }
  if (typeof value !== "object" || value === null) {
    return noMedia;
  }
  let chars = 0;
  let count = 0;
  for (const part of Object.values(value)) {
    const media = countMedia(part);
    chars += media.chars;
    count += media.count;
  }
  return { chars, count };
}

function isBase64(text: string): boolean {
  if (text.length < mediaCharsMin) {
    return false;
  }
  const start = text.startsWith("data:") ? text.indexOf(",") + 1 : 0;
  // A look at the beginning tells base64 from prose: it has no blank and no punctuation.
  return /^[A-Za-z0-9+/_-]{256}$/u.test(text.slice(start, start + 256));
}

function includesBytes(body: Uint8Array, mark: Buffer): boolean {
  return Buffer.from(body.buffer, body.byteOffset, body.length).includes(mark);
}

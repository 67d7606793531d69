import type { JsonObject } from "#conversation/json-value.ts";
import type { CutShortContext } from "#surfaces/surface.ts";

/** The chunk with which every choice of a stream ends for its length. */
export function cutShortOpenAi(
  { upstreamId, requestId, model, choices, nowSeconds }: CutShortContext,
  object: string,
  piece: JsonObject,
): string {
  const ends = Array.from({ length: choices }, (_, index) => ({
    index,
    ...piece,
    logprobs: null,
    finish_reason: "length",
  }));
  const id = upstreamId === "" ? requestId : upstreamId;
  const chunk = { id, object, created: nowSeconds, model, choices: ends };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

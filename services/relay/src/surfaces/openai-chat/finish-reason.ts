import type { StopReason } from "#conversation/stop-reason.ts";

const FINISHES = {
  end: "stop",
  "stop-sequence": "stop",
  length: "length",
  "tool-calls": "tool_calls",
  "content-filter": "content_filter",
  // Clients stop at reasons that they do not know.
  other: "stop",
} as const satisfies Record<StopReason["kind"], string>;

/** The reason in OpenAI's words. */
export function writeFinishReason(reason: StopReason): string {
  return FINISHES[reason.kind];
}

/** The id of a chat completion; ids of other dialects get OpenAI's beginning, which clients look for. */
export function completionId(upstreamId: string, requestId: string): string {
  const id = upstreamId === "" ? requestId : upstreamId;
  return id.startsWith("chatcmpl-") ? id : `chatcmpl-${id}`;
}

import { anthropicEvents, anthropicReply } from "#mock-upstream/anthropic-reply.ts";
import {
  openaiCompletion,
  openaiEmbedding,
  openaiEvents,
  openaiReply,
} from "#mock-upstream/openai-reply.ts";
import type { Script } from "#mock-upstream/script.ts";
import type { MockEvent } from "#mock-upstream/stream-reply.ts";

/** What decides on the form of a reply. */
export interface ReplyPlan {
  readonly path: string;
  readonly id: string;
  readonly script: Script;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A reply in one piece, in the dialect of the path. */
export function wholeReply({ path, id, script, body }: ReplyPlan): object {
  switch (path) {
    case "/v1/messages":
      return anthropicReply(id, script);
    case "/v1/embeddings": {
      const { input } = body;
      return openaiEmbedding(script, Array.isArray(input) ? input.length : 1);
    }
    case "/v1/completions":
      return openaiCompletion(id, script);
    default:
      return openaiReply(id, script);
  }
}

export const withoutUsage = (reply: object): object =>
  Object.fromEntries(Object.entries(reply).filter(([key]) => key !== "usage"));

/** The same as events, and the dialect's own error event. */
export function streamedReply({ path, id, script, body }: ReplyPlan): {
  readonly events: readonly MockEvent[];
  readonly failure: MockEvent;
} {
  if (path === "/v1/messages") {
    return {
      events: anthropicEvents(id, script).map(([name, data]) => ({
        name,
        data,
        isContent: name === "content_block_delta",
      })),
      failure: {
        name: "error",
        data: '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}',
        isContent: false,
      },
    };
  }
  const isAsked = JSON.stringify(body["stream_options"] ?? {}).includes('"include_usage":true');
  return {
    events: [...openaiEvents(id, script, isAsked), "[DONE]"].map((data) => ({
      data,
      isContent: data.includes('"content":"') && !data.includes('"content":""'),
    })),
    failure: {
      data: '{"error":{"message":"The server had an error","type":"server_error","code":null}}',
      isContent: false,
    },
  };
}

import type { ChatReply } from "#conversation/chat-reply.ts";
import type { AssistantPart } from "#conversation/chat-request.ts";
import { objectOr, parseJson } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { messageId, writeStop, writeUsage } from "#surfaces/anthropic-messages/wire-reply.ts";
import type { RenderContext } from "#surfaces/surface.ts";

/** A reply as the JSON of a message. */
export function renderMessage(reply: ChatReply, context: RenderContext): string {
  return JSON.stringify({
    id: messageId(reply.id, context.requestId),
    type: "message",
    role: "assistant",
    model: context.model,
    content: reply.parts.map(writeBlock),
    ...writeStop(reply.stopReason),
    usage: writeUsage(reply.usage),
  });
}

function writeBlock(part: AssistantPart): JsonObject {
  switch (part.kind) {
    case "text":
    case "refusal":
      return { type: "text", text: part.text };
    case "thinking":
      return { type: "thinking", thinking: part.text, signature: part.signature ?? "" };
    case "redacted-thinking":
      return { type: "redacted_thinking", data: part.data };
    case "tool-call": {
      const input = objectOr(parseJson(part.arguments));
      return { type: "tool_use", id: part.id, name: part.name, input };
    }
  }
}

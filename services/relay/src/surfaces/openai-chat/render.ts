import type { ChatReply } from "#conversation/chat-reply.ts";
import type { AssistantPart } from "#conversation/chat-request.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { completionId, writeFinishReason } from "#surfaces/openai-chat/finish-reason.ts";
import { writeUsage } from "#surfaces/openai-chat/wire-usage.ts";
import type { RenderContext } from "#surfaces/surface.ts";

/** A reply as the JSON of a chat completion. */
export function renderChatReply(reply: ChatReply, context: RenderContext): string {
  return JSON.stringify({
    id: completionId(reply.id, context.requestId),
    object: "chat.completion",
    created: context.nowSeconds,
    model: context.model,
    choices: [
      {
        index: 0,
        message: writeMessage(reply.parts),
        logprobs: null,
        finish_reason: writeFinishReason(reply.stopReason),
      },
    ],
    ...(reply.usage === undefined ? {} : { usage: writeUsage(reply.usage) }),
  });
}

function writeMessage(parts: readonly AssistantPart[]): JsonObject {
  const text = textOf(parts, "text");
  const refusal = textOf(parts, "refusal");
  const thinking = textOf(parts, "thinking");
  const calls = parts.flatMap((part) =>
    part.kind === "tool-call"
      ? [
          {
            id: part.id,
            type: "function",
            function: { name: part.name, arguments: part.arguments },
          },
        ]
      : [],
  );
  const details = parts.flatMap(writeReasoningDetail);
  return {
    role: "assistant",
    content: text === "" && (calls.length > 0 || refusal !== "") ? null : text,
    refusal: refusal === "" ? null : refusal,
    ...(thinking === "" ? {} : { reasoning_content: thinking }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function textOf(parts: readonly AssistantPart[], kind: "text" | "refusal" | "thinking"): string {
  return parts.map((part) => (part.kind === kind ? part.text : "")).join("");
}

/** Thinking that must come back unchanged has no place in OpenAI's dialect; this is the one that other gateways gave it. */
function writeReasoningDetail(part: AssistantPart): readonly JsonObject[] {
  if (part.kind === "redacted-thinking") {
    return [{ type: "reasoning.encrypted", data: part.data }];
  }
  return part.kind === "thinking" && part.signature !== undefined
    ? [{ type: "reasoning.text", text: part.text, signature: part.signature }]
    : [];
}

import type { ChatEvent } from "#conversation/chat-event.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";
import { completionId, writeFinishReason } from "#surfaces/openai-chat/finish-reason.ts";
import { writeUsage } from "#surfaces/openai-chat/wire-usage.ts";
import type { ChatStreamRenderer, RenderContext } from "#surfaces/surface.ts";

/** Renders a streamed answer as chunks of a chat completion, with `[DONE]` at its end. */
export function openChatRenderer(context: RenderContext): ChatStreamRenderer {
  const writeDelta = createDeltaWriter();
  let head: JsonObject = {};
  let usage: TokenUsage | undefined;

  const frame = (members: JsonObject): string =>
    `data: ${JSON.stringify({ ...head, ...members })}\n\n`;
  const chunk = (delta: JsonObject, finish: string | null = null): string =>
    frame({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
  const usageFrame = (): string =>
    usage !== undefined && context.wantsStreamUsage
      ? frame({ choices: [], usage: writeUsage(usage) })
      : "";

  return {
    render: (event, countedUsage) => {
      usage = event.kind === "usage" ? event.usage : (countedUsage ?? usage);
      if (event.kind === "reply-start") {
        head = headOf(event.id, context);
        return chunk({ role: "assistant", content: "" });
      }
      if (event.kind === "reply-end") {
        const finish = writeFinishReason(event.stopReason);
        return `${chunk({}, finish)}${usageFrame()}data: [DONE]\n\n`;
      }
      const delta = writeDelta(event);
      return delta === undefined ? "" : chunk(delta);
    },
  };
}

/** Makes a writer of the `delta` that an event becomes, if any. */
function createDeltaWriter(): (event: ChatEvent) => JsonObject | undefined {
  let callIndex = -1;
  let thinking = "";
  return (event) => {
    switch (event.kind) {
      case "text-delta":
        return { content: event.text };
      case "refusal-delta":
        return { refusal: event.text };
      case "thinking-start":
        thinking = "";
        return undefined;
      case "thinking-delta":
        thinking += event.text;
        return { reasoning_content: event.text };
      case "thinking-end":
        return event.signature === undefined
          ? undefined
          : reasoningDetail({ type: "reasoning.text", text: thinking, signature: event.signature });
      case "redacted-thinking":
        return reasoningDetail({ type: "reasoning.encrypted", data: event.data });
      case "tool-call-start": {
        callIndex += 1;
        const called = { name: event.name, arguments: "" };
        return toolCall({ index: callIndex, id: event.id, type: "function", function: called });
      }
      case "tool-call-delta":
        return toolCall({ index: callIndex, function: { arguments: event.argumentsText } });
      default:
        return undefined;
    }
  };
}

function reasoningDetail(detail: JsonObject): JsonObject {
  return { reasoning_details: [detail] };
}

function toolCall(call: JsonObject): JsonObject {
  return { tool_calls: [call] };
}

function headOf(upstreamId: string, context: RenderContext): JsonObject {
  return {
    id: completionId(upstreamId, context.requestId),
    object: "chat.completion.chunk",
    created: context.nowSeconds,
    model: context.model,
  };
}

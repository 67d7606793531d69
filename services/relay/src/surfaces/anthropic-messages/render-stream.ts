import type { ChatEvent } from "#conversation/chat-event.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import type { StopReason } from "#conversation/stop-reason.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";
import { messageId, writeStop, writeUsage } from "#surfaces/anthropic-messages/wire-reply.ts";
import type { ChatStreamRenderer, RenderContext } from "#surfaces/surface.ts";

/**
 * Renders a streamed answer as the events of a message. `message_start` waits for the event after the start of the reply,
 * which is where an upstream that knows its input tokens early tells them.
 */
export function openMessageRenderer(context: RenderContext): ChatStreamRenderer {
  let usage: TokenUsage | undefined;
  let upstreamId = "";
  let isStarted = false;

  const start = (): string => {
    if (isStarted) {
      return "";
    }
    isStarted = true;
    const message = {
      id: messageId(upstreamId, context.requestId),
      type: "message",
      role: "assistant",
      model: context.model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { ...writeUsage(usage), output_tokens: 0 },
    };
    return frame("message_start", { message });
  };

  const end = (reason: StopReason): string =>
    frame("message_delta", { delta: writeStop(reason), usage: writeUsage(usage) }) +
    frame("message_stop", {});

  return {
    render: (event, countedUsage) => {
      usage = event.kind === "usage" ? event.usage : (countedUsage ?? usage);
      if (event.kind === "reply-start") {
        upstreamId = event.id;
        return "";
      }
      if (event.kind === "reply-failed") {
        return "";
      }
      return start() + (event.kind === "reply-end" ? end(event.stopReason) : renderPart(event));
    },
  };
}

function frame(type: string, members: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
}

function blockStart(index: number, block: JsonObject): string {
  return frame("content_block_start", { index, content_block: block });
}

function blockDelta(index: number, delta: JsonObject): string {
  return frame("content_block_delta", { index, delta });
}

function blockStop(index: number): string {
  return frame("content_block_stop", { index });
}

function renderPart(event: ChatEvent): string {
  switch (event.kind) {
    case "text-start":
    case "refusal-start":
      return blockStart(event.index, { type: "text", text: "" });
    case "thinking-start":
      return blockStart(event.index, { type: "thinking", thinking: "", signature: "" });
    case "tool-call-start": {
      const { index, id, name } = event;
      return blockStart(index, { type: "tool_use", id, name, input: {} });
    }
    case "redacted-thinking": {
      const block = { type: "redacted_thinking", data: event.data };
      return blockStart(event.index, block) + blockStop(event.index);
    }
    default:
      return renderPiece(event);
  }
}

function renderPiece(event: ChatEvent): string {
  switch (event.kind) {
    case "text-delta":
    case "refusal-delta":
      return blockDelta(event.index, { type: "text_delta", text: event.text });
    case "thinking-delta":
      return blockDelta(event.index, { type: "thinking_delta", thinking: event.text });
    case "tool-call-delta":
      return blockDelta(event.index, {
        type: "input_json_delta",
        partial_json: event.argumentsText,
      });
    case "thinking-end": {
      const delta = { type: "signature_delta", signature: event.signature ?? "" };
      return blockDelta(event.index, delta) + blockStop(event.index);
    }
    case "text-end":
    case "refusal-end":
    case "tool-call-end":
      return blockStop(event.index);
    default:
      return "";
  }
}

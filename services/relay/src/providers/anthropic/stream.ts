import type { ChatEvent } from "#conversation/chat-event.ts";
import { isJsonObject, objectOr, parseJson, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { createPartEvents } from "#conversation/part-events.ts";
import type { PartEvents } from "#conversation/part-events.ts";
import type { StopReason } from "#conversation/stop-reason.ts";
import { faultOfEvent } from "#providers/anthropic/event-reader.ts";
import { readStopReason } from "#providers/anthropic/stop-reason.ts";
import { createAnthropicUsage } from "#providers/anthropic/usage.ts";
import { streamCut } from "#providers/classify-failure.ts";
import type { ChatStreamReader } from "#providers/provider.ts";

type EventHandler = (body: JsonObject) => readonly ChatEvent[];

/** Reads the stream of one message. Events that are not known are left alone, as Anthropic asks. */
export function openMessageStream(): ChatStreamReader {
  const blocks = createBlockReader(createPartEvents());
  const usage = createAnthropicUsage();
  let stopReason: StopReason | undefined;
  let isOver = false;

  const usageEvent = (): readonly ChatEvent[] => {
    const current = usage.current();
    return current === undefined ? [] : [{ kind: "usage", usage: current }];
  };

  const endReply = (): readonly ChatEvent[] => {
    if (isOver) {
      return [];
    }
    isOver = true;
    return stopReason === undefined
      ? [{ kind: "reply-failed", fault: streamCut() }]
      : [...blocks.stop(), { kind: "reply-end", stopReason }];
  };

  const handlers: Readonly<Record<string, EventHandler>> = {
    message_start: (body) => {
      const message = objectOr(body["message"]);
      usage.update(message["usage"]);
      const id = textOr(message["id"]);
      return [{ kind: "reply-start", id, model: textOr(message["model"]) }, ...usageEvent()];
    },
    content_block_start: (body) => blocks.start(objectOr(body["content_block"])),
    content_block_delta: (body) => blocks.delta(objectOr(body["delta"])),
    content_block_stop: () => blocks.stop(),
    message_delta: (body) => {
      const delta = objectOr(body["delta"]);
      stopReason = textOr(delta["stop_reason"]) === "" ? stopReason : readStopReason(delta);
      usage.update(body["usage"]);
      return usageEvent();
    },
    message_stop: endReply,
    error: (body) => {
      isOver = true;
      return [{ kind: "reply-failed", fault: faultOfEvent(body) }];
    },
  };

  return {
    read: (event, data) => {
      const body = isOver || event === "ping" ? undefined : parseJson(data);
      if (!isJsonObject(body)) {
        return [];
      }
      return handlers[textOr(body["type"]) || event]?.(body) ?? [];
    },
    end: endReply,
  };
}

interface BlockReader {
  readonly start: EventHandler;
  readonly delta: EventHandler;
  readonly stop: () => readonly ChatEvent[];
}

/** Blocks come one after the other; those of kinds that have no canonical word are passed over. */
function createBlockReader(parts: PartEvents): BlockReader {
  let signature = "";
  let isPassedOver = false;
  let lacksArguments = false;

  const starts: Readonly<Record<string, EventHandler>> = {
    text: (block) => [...parts.open("text"), ...pieceOf("text", block["text"])],
    thinking: (block) => {
      signature = textOr(block["signature"]);
      return [...parts.open("thinking"), ...pieceOf("thinking", block["thinking"])];
    },
    redacted_thinking: (block) => parts.redactedThinking(textOr(block["data"])),
    tool_use: (block) => {
      lacksArguments = true;
      return parts.openToolCall(textOr(block["id"]), textOr(block["name"]));
    },
  };

  const pieceOf = (part: "text" | "thinking", value: unknown): readonly ChatEvent[] => {
    const text = textOr(value);
    return text === "" ? [] : parts.piece(part, text);
  };

  const deltas: Readonly<Record<string, EventHandler>> = {
    text_delta: (delta) => pieceOf("text", delta["text"]),
    thinking_delta: (delta) => pieceOf("thinking", delta["thinking"]),
    signature_delta: (delta) => {
      signature += textOr(delta["signature"]);
      return [];
    },
    input_json_delta: (delta) => {
      const text = textOr(delta["partial_json"]);
      lacksArguments &&= text === "";
      return parts.toolCallPiece(text);
    },
  };

  return {
    start: (block) => {
      const start = starts[textOr(block["type"])];
      isPassedOver = start === undefined;
      return start?.(block) ?? [];
    },
    delta: (delta) => (isPassedOver ? [] : (deltas[textOr(delta["type"])]?.(delta) ?? [])),
    stop: () => {
      // No piece of arguments at all stands for no arguments.
      const empty = lacksArguments ? parts.toolCallPiece("{}") : [];
      const ended = parts.close(signature === "" ? undefined : signature);
      lacksArguments = false;
      signature = "";
      return [...empty, ...ended];
    },
  };
}

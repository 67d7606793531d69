import type { ChatEvent } from "#conversation/chat-event.ts";
import { arrayOr, isJsonObject, objectOr, parseJson, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { createPartEvents } from "#conversation/part-events.ts";
import type { PartEvents } from "#conversation/part-events.ts";
import { streamCut } from "#providers/classify-failure.ts";
import { errorIn, usageIn } from "#providers/openai/event-reader.ts";
import type { ReplyReaderOptions } from "#providers/openai/reply-facts.ts";
import { reasoningIn, textIn } from "#providers/openai/message-text.ts";
import { FAILED_FINISHES, readFinishReason } from "#providers/openai/stop-reason.ts";
import { createToolCallOrder } from "#providers/openai/tool-call-order.ts";
import type { ToolCallOrder } from "#providers/openai/tool-call-order.ts";
import { createOpenAiUsage } from "#providers/openai/usage.ts";
import type { OpenAiUsage } from "#providers/openai/usage.ts";
import type { ChatStreamReader } from "#providers/provider.ts";

/** Reads a stream of chat completion chunks; of several choices the first counts. */
export function openChatCompletionStream(options: ReplyReaderOptions): ChatStreamReader {
  const parts = createPartEvents();
  const state: StreamState = {
    parts,
    calls: createToolCallOrder(parts),
    usage: createOpenAiUsage(options.quirks),
    isStarted: false,
    isOver: false,
    finish: "",
  };
  return {
    read: (event, data) => {
      if (state.isOver) {
        return [];
      }
      if (data === "[DONE]") {
        return endReply(state);
      }
      const chunk = parseJson(data);
      if (!isJsonObject(chunk)) {
        return [];
      }
      const fault = errorIn(chunk, event, options.failureRules);
      if (fault !== undefined) {
        state.isOver = true;
        return [{ kind: "reply-failed", fault }];
      }
      return readChunk(state, chunk);
    },
    end: () => (state.isOver ? [] : endReply(state)),
  };
}

interface StreamState {
  readonly parts: PartEvents;
  readonly calls: ToolCallOrder;
  readonly usage: OpenAiUsage;
  isStarted: boolean;
  isOver: boolean;
  /** `finish_reason` as it came, "" before the end. */
  finish: string;
}

function endReply(state: StreamState): readonly ChatEvent[] {
  state.isOver = true;
  if (state.finish === "" || FAILED_FINISHES.has(state.finish)) {
    return [{ kind: "reply-failed", fault: streamCut() }];
  }
  const stopReason = readFinishReason(state.finish, state.calls.hasCalls());
  return [...state.calls.flush(), ...state.parts.close(), { kind: "reply-end", stopReason }];
}

function readChunk(state: StreamState, chunk: JsonObject): readonly ChatEvent[] {
  const choices = arrayOr(chunk["choices"]);
  const choice = objectOr(choices.find((candidate) => (objectOr(candidate)["index"] ?? 0) === 0));
  const events: ChatEvent[] = [];
  if (!state.isStarted && choices.length > 0) {
    state.isStarted = true;
    events.push({ kind: "reply-start", id: textOr(chunk["id"]), model: textOr(chunk["model"]) });
  }
  events.push(...readDelta(state, objectOr(choice["delta"])));
  state.finish = textOr(choice["finish_reason"]) || state.finish;
  const isReport = state.usage.update(usageIn(chunk, choices));
  const usage = isReport ? state.usage.current() : undefined;
  if (usage !== undefined && state.isStarted) {
    events.push({ kind: "usage", usage });
  }
  return FAILED_FINISHES.has(state.finish) ? [...events, ...endReply(state)] : events;
}

function readDelta({ parts, calls }: StreamState, delta: JsonObject): readonly ChatEvent[] {
  const events: ChatEvent[] = [];
  for (const [part, text] of [
    ["thinking", reasoningIn(delta)],
    ["text", textIn(delta["content"])],
    ["refusal", textOr(delta["refusal"])],
  ] as const) {
    if (text !== "") {
      events.push(...calls.flush(), ...parts.piece(part, text));
    }
  }
  for (const call of arrayOr(delta["tool_calls"])) {
    events.push(...calls.read(objectOr(call)));
  }
  return events;
}

import type { ChatEvent } from "#conversation/chat-event.ts";
import { arrayOr, isJsonObject, objectOr, parseJson, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { createPartEvents } from "#conversation/part-events.ts";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import { streamCut } from "#providers/classify-failure.ts";
import { errorIn, usageIn } from "#providers/openai/event-reader.ts";
import type { ReplyReaderOptions } from "#providers/openai/reply-facts.ts";
import { reasoningIn, textIn } from "#providers/openai/response.ts";
import { FAILED_FINISHES, readFinishReason } from "#providers/openai/stop-reason.ts";
import { createToolCallOrder } from "#providers/openai/tool-call-order.ts";
import { readOpenAiUsage } from "#providers/openai/usage.ts";
import type { ChatStreamReader } from "#providers/provider.ts";

/** Reads a stream of chat completion chunks; of several choices the first counts. */
export function openChatCompletionStream(options: ReplyReaderOptions): ChatStreamReader {
  const parts = createPartEvents();
  const calls = createToolCallOrder(parts);
  let isStarted = false;
  let isOver = false;
  let finish = "";

  const fail = (fault: UpstreamFault): readonly ChatEvent[] => {
    isOver = true;
    return [{ kind: "reply-failed", fault }];
  };

  const endReply = (): readonly ChatEvent[] => {
    if (isOver) {
      return [];
    }
    if (finish === "") {
      return fail(streamCut());
    }
    isOver = true;
    const stopReason = readFinishReason(finish, calls.hasCalls());
    return [...calls.flush(), ...parts.close(), { kind: "reply-end", stopReason }];
  };

  const readDelta = (delta: JsonObject): readonly ChatEvent[] => {
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
  };

  const readChunk = (event: string, chunk: JsonObject): readonly ChatEvent[] => {
    const choices = arrayOr(chunk["choices"]);
    const fault = errorIn(chunk, event, options.failureRules);
    if (fault !== undefined) {
      return fail(fault);
    }
    const choice = objectOr(choices.find((candidate) => (objectOr(candidate)["index"] ?? 0) === 0));
    const events: ChatEvent[] = [];
    if (!isStarted && choices.length > 0) {
      isStarted = true;
      events.push({
        kind: "reply-start",
        id: textOr(chunk["id"]),
        model: textOr(chunk["model"]),
      });
    }
    events.push(...readDelta(objectOr(choice["delta"])));
    finish = textOr(choice["finish_reason"]) || finish;
    if (FAILED_FINISHES.has(finish)) {
      return [...events, ...fail(streamCut())];
    }
    const usage = readOpenAiUsage(usageIn(chunk, choices), options.quirks);
    if (usage !== undefined && isStarted) {
      events.push({ kind: "usage", usage });
    }
    return events;
  };

  return {
    read: (event, data) => {
      if (isOver) {
        return [];
      }
      if (data === "[DONE]") {
        return endReply();
      }
      const chunk = parseJson(data);
      return isJsonObject(chunk) ? readChunk(event, chunk) : [];
    },
    end: endReply,
  };
}

import type { ChatReply } from "#conversation/chat-reply.ts";
import type { AssistantPart } from "#conversation/chat-request.ts";
import { arrayOr, objectOr, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { usageIn } from "#providers/openai/event-reader.ts";
import { argumentsIn, reasoningIn, textIn } from "#providers/openai/message-text.ts";
import { faultOfReply } from "#providers/openai/reply-facts.ts";
import type { ReplyReaderOptions } from "#providers/openai/reply-facts.ts";
import { readFinishReason } from "#providers/openai/stop-reason.ts";
import { readOpenAiUsage } from "#providers/openai/usage.ts";

/** A whole chat completion as a reply; of several choices the first counts. */
export function readChatCompletion(value: unknown, options: ReplyReaderOptions): ChatReply {
  const body = objectOr(value);
  const fault = faultOfReply(body, "choices", options.failureRules);
  const choices = arrayOr(body["choices"]);
  const choice = objectOr(choices[0]);
  const parts = partsOf(objectOr(choice["message"]));
  const usage = readOpenAiUsage(usageIn(body, choices), options.quirks);
  const hasToolCalls = parts.some((part) => part.kind === "tool-call");
  return {
    id: textOr(body["id"]),
    model: textOr(body["model"]),
    parts,
    stopReason: readFinishReason(textOr(choice["finish_reason"]), hasToolCalls),
    ...(usage === undefined ? {} : { usage }),
    ...(fault === undefined ? {} : { fault }),
  };
}

function partsOf(message: JsonObject): readonly AssistantPart[] {
  const parts: AssistantPart[] = [];
  const thinking = reasoningIn(message);
  if (thinking !== "") {
    parts.push({ kind: "thinking", text: thinking });
  }
  const text = textIn(message["content"]);
  if (text !== "") {
    parts.push({ kind: "text", text });
  }
  const refusal = textOr(message["refusal"]);
  if (refusal !== "") {
    parts.push({ kind: "refusal", text: refusal });
  }
  return [...parts, ...arrayOr(message["tool_calls"]).map(toolCallOf)];
}

function toolCallOf(value: unknown): AssistantPart {
  const call = objectOr(value);
  const called = objectOr(call["function"] ?? call["custom"]);
  return {
    kind: "tool-call",
    id: textOr(call["id"]),
    name: textOr(called["name"]),
    arguments: argumentsIn(called),
  };
}

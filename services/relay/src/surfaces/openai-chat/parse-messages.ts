import type {
  AssistantPart,
  ChatMessage,
  TextPart,
  ToolResult,
  UserPart,
} from "#conversation/chat-request.ts";
import { arrayOr, isJsonObject, objectOr, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { readUserParts } from "#surfaces/openai-chat/parse-parts.ts";
import { invalidRequest } from "#surfaces/surface-faults.ts";

/** Instructions and messages; tool messages that follow each other are the results of one turn. */
export function readConversation(messages: readonly unknown[]): {
  readonly system: readonly TextPart[];
  readonly messages: readonly ChatMessage[];
} {
  const system: TextPart[] = [];
  const read: ChatMessage[] = [];
  let results: ToolResult[] | undefined;
  for (const [index, value] of messages.entries()) {
    const message = objectOr(value);
    const where = `messages[${index}]`;
    const role = textOr(message["role"]);
    if (role === "tool") {
      if (results === undefined) {
        results = [];
        read.push({ role: "tool", results });
      }
      results.push(readToolResult(message, where));
      continue;
    }
    results = undefined;
    if (role === "system" || role === "developer") {
      system.push(...readTexts(message["content"], where));
    } else if (role === "user") {
      read.push({ role, parts: readUserParts(message["content"], where) });
    } else if (role === "assistant") {
      read.push({ role, parts: readAssistantParts(message, where) });
    } else {
      throw invalidRequest(`${where}: the role "${role}" is not known`, "messages");
    }
  }
  return { system, messages: read };
}

function readTexts(content: unknown, where: string): readonly TextPart[] {
  return readUserParts(content, where).map((part) => {
    if (part.kind !== "text") {
      throw invalidRequest(`${where}: instructions are text only`, "messages");
    }
    return part;
  });
}

function readToolResult(message: JsonObject, where: string): ToolResult {
  const toolCallId = textOr(message["tool_call_id"]);
  if (toolCallId === "") {
    throw invalidRequest(`${where}: tool_call_id is required`, "messages");
  }
  const parts: readonly UserPart[] = readUserParts(message["content"] ?? "", where);
  return { toolCallId, parts };
}

function readAssistantParts(message: JsonObject, where: string): readonly AssistantPart[] {
  const refusal = textOr(message["refusal"]);
  return [
    ...readThinking(message),
    ...readAssistantContent(message["content"], where),
    ...(refusal === "" ? [] : [{ kind: "refusal", text: refusal } as const]),
    ...arrayOr(message["tool_calls"]).map((call) => readToolCall(call, where)),
  ];
}

/** Signed thinking comes back as `reasoning_details`, the form in which it was given out; else only its text does. */
function readThinking(message: JsonObject): readonly AssistantPart[] {
  const details = arrayOr(message["reasoning_details"]).flatMap(readReasoningDetail);
  const text = textOr(message["reasoning_content"]);
  return details.length > 0 || text === "" ? details : [{ kind: "thinking", text }];
}

function readReasoningDetail(value: unknown): readonly AssistantPart[] {
  const detail = objectOr(value);
  const signature = textOr(detail["signature"]);
  if (detail["type"] === "reasoning.encrypted") {
    return [{ kind: "redacted-thinking", data: textOr(detail["data"]) }];
  }
  return detail["type"] === "reasoning.text" && signature !== ""
    ? [{ kind: "thinking", text: textOr(detail["text"]), signature }]
    : [];
}

function readAssistantContent(content: unknown, where: string): readonly AssistantPart[] {
  if (typeof content === "string") {
    return content === "" ? [] : [{ kind: "text", text: content }];
  }
  return arrayOr(content).map((value): AssistantPart => {
    const part = objectOr(value);
    if (part["type"] === "text") {
      return { kind: "text", text: textOr(part["text"]) };
    }
    if (part["type"] === "refusal") {
      return { kind: "refusal", text: textOr(part["refusal"]) };
    }
    throw invalidRequest(
      `${where}: a part of type "${textOr(part["type"])}" is not known`,
      "messages",
    );
  });
}

function readToolCall(value: unknown, where: string): AssistantPart {
  const call = objectOr(value);
  const called = call["function"];
  if (!isJsonObject(called) || textOr(called["name"]) === "") {
    throw invalidRequest(
      `${where}: only calls of functions can be relayed to this model`,
      "messages",
    );
  }
  return {
    kind: "tool-call",
    id: textOr(call["id"]),
    name: textOr(called["name"]),
    arguments: textOr(called["arguments"]),
  };
}

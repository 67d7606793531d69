import type {
  AssistantPart,
  ChatMessage,
  TextPart,
  ToolResult,
  UserPart,
} from "#conversation/chat-request.ts";
import { isJsonObject, objectOr, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { readCache, readUserPart } from "#surfaces/anthropic-messages/parse-parts.ts";
import { invalidRequest } from "#surfaces/surface-faults.ts";

/** Instructions and messages. */
export function readConversation(
  system: unknown,
  messages: readonly unknown[],
): { readonly system: readonly TextPart[]; readonly messages: readonly ChatMessage[] } {
  const instructions: TextPart[] = [...readTexts(system ?? [], "system")];
  const read: ChatMessage[] = [];
  for (const [index, value] of messages.entries()) {
    const message = objectOr(value);
    const where = `messages.${index}`;
    const role = textOr(message["role"]);
    if (role === "system") {
      instructions.push(...readTexts(message["content"], where));
    } else if (role === "user") {
      read.push(...readUserTurn(blocksOf(message["content"], where), where));
    } else if (role === "assistant") {
      const parts = blocksOf(message["content"], where).map((block) =>
        readAssistantPart(block, where),
      );
      read.push({ role, parts });
    } else {
      throw invalidRequest(`${where}: the role "${role}" is not known`, "messages");
    }
  }
  return { system: instructions, messages: read };
}

function blocksOf(content: unknown, where: string): readonly JsonObject[] {
  if (typeof content === "string") {
    return [{ type: "text", text: content }];
  }
  if (!Array.isArray(content)) {
    throw invalidRequest(`${where}: content must be a string or a list of blocks`, "messages");
  }
  return content.map(objectOr);
}

function readTexts(content: unknown, where: string): readonly TextPart[] {
  return blocksOf(content, where).map((block) => {
    const part = readUserPart(block, where);
    if (part.kind !== "text") {
      throw invalidRequest(`${where}: instructions are text only`, where);
    }
    return part;
  });
}

/** Results of tools stand among the user's blocks; they are a message of their own, ahead of the rest. */
function readUserTurn(blocks: readonly JsonObject[], where: string): readonly ChatMessage[] {
  const results: ToolResult[] = [];
  const parts: UserPart[] = [];
  for (const block of blocks) {
    if (block["type"] === "tool_result") {
      results.push(readToolResult(block, where));
    } else {
      parts.push(readUserPart(block, where));
    }
  }
  return [
    ...(results.length === 0 ? [] : [{ role: "tool", results } as const]),
    ...(parts.length === 0 ? [] : [{ role: "user", parts } as const]),
  ];
}

function readToolResult(block: JsonObject, where: string): ToolResult {
  const toolCallId = textOr(block["tool_use_id"]);
  if (toolCallId === "") {
    throw invalidRequest(`${where}: tool_use_id is required`, "messages");
  }
  const content = blocksOf(block["content"] ?? [], where);
  return {
    toolCallId,
    parts: content.map((part) => readUserPart(part, where)),
    ...(block["is_error"] === true ? { isError: true } : {}),
    ...readCache(block),
  };
}

const ASSISTANT_READERS: Readonly<Record<string, (block: JsonObject) => AssistantPart>> = {
  text: (block) => ({ kind: "text", text: textOr(block["text"]), ...readCache(block) }),
  thinking: (block) => {
    const signature = textOr(block["signature"]);
    const text = textOr(block["thinking"]);
    return { kind: "thinking", text, ...(signature === "" ? {} : { signature }) };
  },
  redacted_thinking: (block) => ({ kind: "redacted-thinking", data: textOr(block["data"]) }),
  tool_use: (block) => ({
    kind: "tool-call",
    id: textOr(block["id"]),
    name: textOr(block["name"]),
    arguments: JSON.stringify(isJsonObject(block["input"]) ? block["input"] : {}),
  }),
};

function readAssistantPart(block: JsonObject, where: string): AssistantPart {
  const type = textOr(block["type"]);
  const read = ASSISTANT_READERS[type];
  if (read === undefined) {
    throw invalidRequest(
      `${where}: a block of type "${type}" cannot be relayed to this model`,
      "messages",
    );
  }
  return read(block);
}

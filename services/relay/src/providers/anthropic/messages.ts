import type {
  AssistantPart,
  CacheMark,
  ChatMessage,
  MediaSource,
  TextPart,
  ToolResult,
  UserPart,
} from "#conversation/chat-request.ts";
import { isJsonObject, parseJson } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { providerFaults } from "#providers/provider-faults.ts";

interface Turn {
  readonly role: "user" | "assistant";
  readonly content: JsonObject[];
}

/** The turns of a chat: tool results are the user's, and neighbours of one role are one turn. */
export function writeTurns(messages: readonly ChatMessage[]): readonly Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const role = message.role === "assistant" ? "assistant" : "user";
    const blocks = blocksOf(message);
    const last = turns.at(-1);
    if (last?.role === role) {
      last.content.push(...blocks);
    } else if (blocks.length > 0) {
      turns.push({ role, content: [...blocks] });
    }
  }
  return turns;
}

/** Instructions: one text where they are one, blocks where they are marked or several. */
export function writeSystem(
  parts: readonly TextPart[],
): string | readonly JsonObject[] | undefined {
  const blocks = parts.flatMap(writeUserPart);
  const [first] = parts;
  if (blocks.length === 0) {
    return undefined;
  }
  return parts.length === 1 && first !== undefined && first.cache === undefined
    ? first.text
    : blocks;
}

/** The member that asks for the prompt cache. */
export function cacheControl(cache: CacheMark | undefined): JsonObject {
  return cache === undefined
    ? {}
    : { cache_control: { type: "ephemeral", ...(cache.ttl === "1h" ? { ttl: "1h" } : {}) } };
}

function blocksOf(message: ChatMessage): readonly JsonObject[] {
  switch (message.role) {
    case "user":
      return message.parts.flatMap(writeUserPart);
    case "assistant":
      return message.parts.flatMap(writeAssistantPart);
    case "tool":
      return message.results.map(writeToolResult);
  }
}

function writeUserPart(part: UserPart): readonly JsonObject[] {
  switch (part.kind) {
    case "text":
      return writeText(part.text, part.cache);
    case "image":
      return [{ type: "image", source: writeSource(part.source), ...cacheControl(part.cache) }];
    case "document":
      return [
        {
          type: "document",
          source: writeDocumentSource(part.source),
          ...(part.name === undefined ? {} : { title: part.name }),
          ...cacheControl(part.cache),
        },
      ];
    case "audio":
      throw providerFaults.fault("UNSUPPORTED_PARAMETER", {
        sentence: "This model's provider takes no audio.",
      });
  }
}

/** Blank text blocks are refused. */
function writeText(text: string, cache?: CacheMark): readonly JsonObject[] {
  return text.trim() === "" ? [] : [{ type: "text", text, ...cacheControl(cache) }];
}

function writeSource(source: MediaSource): JsonObject {
  return source.kind === "url"
    ? { type: "url", url: source.url }
    : { type: "base64", media_type: source.mediaType, data: source.data };
}

function writeDocumentSource(source: MediaSource): JsonObject {
  return source.kind === "base64" && source.mediaType === "text/plain"
    ? {
        type: "text",
        media_type: "text/plain",
        data: Buffer.from(source.data, "base64").toString(),
      }
    : writeSource(source);
}

/** Thinking is bound to its signature: without one it is left out, as it would be refused. */
function writeAssistantPart(part: AssistantPart): readonly JsonObject[] {
  switch (part.kind) {
    case "text":
      return writeText(part.text, part.cache);
    case "refusal":
      return writeText(part.text);
    case "thinking":
      return part.signature === undefined || part.signature === ""
        ? []
        : [{ type: "thinking", thinking: part.text, signature: part.signature }];
    case "redacted-thinking":
      return [{ type: "redacted_thinking", data: part.data }];
    case "tool-call":
      return [
        {
          type: "tool_use",
          id: toolId(part.id),
          name: part.name,
          input: toolInput(part.arguments),
        },
      ];
  }
}

function writeToolResult(result: ToolResult): JsonObject {
  const content = result.parts.flatMap(writeUserPart);
  return {
    type: "tool_result",
    tool_use_id: toolId(result.toolCallId),
    ...(content.length === 0 ? {} : { content }),
    ...(result.isError === true ? { is_error: true } : {}),
    ...cacheControl(result.cache),
  };
}

/** Ids of other vendors may hold characters that are refused. */
function toolId(id: string): string {
  return id.replaceAll(/[^\w-]/gu, "_");
}

/** Arguments that are no JSON object are kept under a name of ours rather than lost. */
function toolInput(argumentsText: string): JsonObject {
  const input = parseJson(argumentsText);
  if (isJsonObject(input)) {
    return input;
  }
  return argumentsText.trim() === "" ? {} : { arguments: argumentsText };
}

import type {
  AssistantPart,
  ChatMessage,
  ChatRequest,
  MediaSource,
  ToolResult,
  UserPart,
} from "#conversation/chat-request.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { providerFaults } from "#providers/provider-faults.ts";

/** The messages of a chat in OpenAI's words. */
export function writeMessages(
  request: Pick<ChatRequest, "system" | "messages">,
  vendor: { readonly replaysReasoning: boolean },
): readonly JsonObject[] {
  const system = request.system.map((part) => part.text).join("\n\n");
  return [
    ...(system === "" ? [] : [{ role: "system", content: system }]),
    ...request.messages.flatMap((message) => writeMessage(message, vendor.replaysReasoning)),
  ];
}

function writeMessage(message: ChatMessage, replaysReasoning: boolean): readonly JsonObject[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: writeContent(message.parts) }];
    case "assistant":
      return [writeAssistant(message.parts, replaysReasoning)];
    case "tool":
      return writeToolResults(message.results);
  }
}

function writeContent(parts: readonly UserPart[]): string | readonly JsonObject[] {
  const [first] = parts;
  return parts.length === 1 && first?.kind === "text" ? first.text : parts.map(writePart);
}

function writePart(part: UserPart): JsonObject {
  switch (part.kind) {
    case "text":
      return { type: "text", text: part.text };
    case "image": {
      const detail = part.detail === undefined ? {} : { detail: part.detail };
      return { type: "image_url", image_url: { url: urlOf(part.source), ...detail } };
    }
    case "audio":
      return { type: "input_audio", input_audio: { data: part.data, format: part.format } };
    case "document":
      return writeDocument(part.source, part.name ?? "document");
  }
}

function writeDocument(source: MediaSource, filename: string): JsonObject {
  if (source.kind === "url") {
    throw providerFaults.fault("UNSUPPORTED_PARAMETER", {
      sentence: "This model's provider takes documents as data only, not by URL.",
    });
  }
  return source.mediaType === "text/plain"
    ? { type: "text", text: Buffer.from(source.data, "base64").toString() }
    : { type: "file", file: { filename, file_data: urlOf(source) } };
}

function urlOf(source: MediaSource): string {
  return source.kind === "url" ? source.url : `data:${source.mediaType};base64,${source.data}`;
}

function writeAssistant(parts: readonly AssistantPart[], replaysReasoning: boolean): JsonObject {
  const text = textOf(parts, "text");
  const refusal = textOf(parts, "refusal");
  const reasoning = replaysReasoning ? textOf(parts, "thinking") : "";
  const calls = parts.flatMap((part) =>
    part.kind === "tool-call"
      ? [
          {
            id: part.id,
            type: "function",
            function: { name: part.name, arguments: part.arguments === "" ? "{}" : part.arguments },
          },
        ]
      : [],
  );
  return {
    role: "assistant",
    content: text === "" && (calls.length > 0 || refusal !== "") ? null : text,
    ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
    ...(refusal === "" ? {} : { refusal }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

function textOf(parts: readonly AssistantPart[], kind: "text" | "refusal" | "thinking"): string {
  return parts.map((part) => (part.kind === kind ? part.text : "")).join("");
}

/** A tool message holds text only: what else the tools gave follows as the user's. */
function writeToolResults(results: readonly ToolResult[]): readonly JsonObject[] {
  const rest = results.flatMap((result) => result.parts.filter((part) => part.kind !== "text"));
  return [
    ...results.map((result) => ({
      role: "tool",
      tool_call_id: result.toolCallId,
      content: result.parts.map((part) => (part.kind === "text" ? part.text : "")).join(""),
    })),
    ...(rest.length === 0 ? [] : [{ role: "user", content: rest.map(writePart) }]),
  ];
}

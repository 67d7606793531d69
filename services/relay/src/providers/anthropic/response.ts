import type { ChatReply } from "#conversation/chat-reply.ts";
import type { AssistantPart } from "#conversation/chat-request.ts";
import { arrayOr, objectOr, textOr } from "#conversation/json-value.ts";
import { faultOfMessage } from "#providers/anthropic/reply-facts.ts";
import { readStopReason } from "#providers/anthropic/stop-reason.ts";
import { readAnthropicUsage } from "#providers/anthropic/usage.ts";

/** A whole message as a reply. Blocks of Anthropic's own tools have no canonical word and are left out. */
export function readMessage(value: unknown): ChatReply {
  const body = objectOr(value);
  const usage = readAnthropicUsage(body["usage"]);
  const fault = faultOfMessage(body);
  return {
    id: textOr(body["id"]),
    model: textOr(body["model"]),
    parts: arrayOr(body["content"]).flatMap(partsOf),
    stopReason: readStopReason(body),
    ...(usage === undefined ? {} : { usage }),
    ...(fault === undefined ? {} : { fault }),
  };
}

function partsOf(value: unknown): readonly AssistantPart[] {
  const block = objectOr(value);
  const read = BLOCK_READERS[textOr(block["type"])];
  return read === undefined ? [] : [read(block)];
}

const BLOCK_READERS: Readonly<
  Record<string, (block: Readonly<Record<string, unknown>>) => AssistantPart>
> = {
  text: (block) => ({ kind: "text", text: textOr(block["text"]) }),
  thinking: (block) => {
    const signature = textOr(block["signature"]);
    return {
      kind: "thinking",
      text: textOr(block["thinking"]),
      ...(signature === "" ? {} : { signature }),
    };
  },
  redacted_thinking: (block) => ({ kind: "redacted-thinking", data: textOr(block["data"]) }),
  tool_use: (block) => ({
    kind: "tool-call",
    id: textOr(block["id"]),
    name: textOr(block["name"]),
    arguments: JSON.stringify(objectOr(block["input"])),
  }),
};

import { arrayOr, isJsonObject, objectOr, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import { readAnthropicUsage } from "#providers/anthropic/usage.ts";
import { classifyErrorValue, protocolFault } from "#providers/classify-failure.ts";
import type { ReplyFacts } from "#providers/provider.ts";

/** Reads a whole message. */
export function readAnthropicReply(body: unknown): ReplyFacts {
  if (!isJsonObject(body)) {
    const fault = protocolFault("NOT_JSON_OBJECT", "The upstream's reply is not a JSON object.");
    return { upstreamId: "", outputText: () => "", fault };
  }
  const fault = faultOfMessage(body);
  const usage = readAnthropicUsage(body["usage"]);
  return {
    upstreamId: textOr(body["id"]),
    outputText: () => arrayOr(body["content"]).map(textOfBlock).join(""),
    ...(usage === undefined ? {} : { usage }),
    ...(fault === undefined ? {} : { fault }),
  };
}

/** The error that a message of status 2xx is in truth. */
export function faultOfMessage(body: JsonObject): UpstreamFault | undefined {
  if (isJsonObject(body["error"]) || typeof body["error"] === "string") {
    return classifyErrorValue(body);
  }
  return Array.isArray(body["content"])
    ? undefined
    : protocolFault("NO_CONTENT", 'The upstream\'s reply has no "content".');
}

function textOfBlock(value: unknown): string {
  const block = objectOr(value);
  const input = isJsonObject(block["input"]) ? JSON.stringify(block["input"]) : "";
  return textOr(block["text"]) + textOr(block["thinking"]) + textOr(block["name"]) + input;
}

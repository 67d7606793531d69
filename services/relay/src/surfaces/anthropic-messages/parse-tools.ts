import type { ChatRequest, ToolDefinition } from "#conversation/chat-request.ts";
import { arrayOr, isJsonObject, objectOr, textOr } from "#conversation/json-value.ts";
import { readCache } from "#surfaces/anthropic-messages/parse-parts.ts";
import { invalidRequest } from "#surfaces/surface-faults.ts";

/** Tools that the client runs itself; those that run at Anthropic cannot be had elsewhere. */
export function readTools(value: unknown): readonly ToolDefinition[] {
  return arrayOr(value).map(readTool);
}

function readTool(entry: unknown): ToolDefinition {
  const tool = objectOr(entry);
  const type = textOr(tool["type"]);
  const name = textOr(tool["name"]);
  if ((type !== "" && type !== "custom") || name === "") {
    throw invalidRequest(`tools: "${type || name}" cannot be relayed to this model`, "tools");
  }
  const description = textOr(tool["description"]);
  return {
    name,
    ...(description === "" ? {} : { description }),
    ...(isJsonObject(tool["input_schema"]) ? { parameters: tool["input_schema"] } : {}),
    ...(typeof tool["strict"] === "boolean" ? { strict: tool["strict"] } : {}),
    ...readCache(tool),
  };
}

/** Which tool is to be called, and whether several may be at once. */
export function readToolChoice(
  value: unknown,
): Pick<ChatRequest, "toolChoice" | "parallelToolCalls"> {
  if (value === undefined || value === null) {
    return {};
  }
  const choice = objectOr(value);
  const parallel = choice["disable_parallel_tool_use"] === true ? { parallelToolCalls: false } : {};
  switch (choice["type"]) {
    case "auto":
      return { toolChoice: { kind: "auto" }, ...parallel };
    case "any":
      return { toolChoice: { kind: "required" }, ...parallel };
    case "none":
      return { toolChoice: { kind: "none" } };
    case "tool":
      return { toolChoice: { kind: "tool", name: textOr(choice["name"]) }, ...parallel };
    default:
      throw invalidRequest("tool_choice is invalid", "tool_choice");
  }
}

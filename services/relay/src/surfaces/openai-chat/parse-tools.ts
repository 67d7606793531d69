import type { ToolChoice, ToolDefinition } from "#conversation/chat-request.ts";
import { arrayOr, isJsonObject, objectOr, textOr } from "#conversation/json-value.ts";
import { invalidRequest } from "#surfaces/surface-faults.ts";

/** Functions that the model may call. */
export function readTools(value: unknown): readonly ToolDefinition[] {
  return arrayOr(value).map(readTool);
}

function readTool(entry: unknown): ToolDefinition {
  const tool = objectOr(entry);
  const called = tool["function"];
  if (!isJsonObject(called) || textOr(called["name"]) === "") {
    throw invalidRequest("tools: only functions can be relayed to this model", "tools");
  }
  const description = textOr(called["description"]);
  return {
    name: textOr(called["name"]),
    ...(description === "" ? {} : { description }),
    ...(isJsonObject(called["parameters"]) ? { parameters: called["parameters"] } : {}),
    ...(typeof called["strict"] === "boolean" ? { strict: called["strict"] } : {}),
    ...(isJsonObject(tool["cache_control"]) ? { cache: { ttl: "5m" } as const } : {}),
  };
}

/** Which tool the model is to call; "any" is another vendor's word that clients use here too. */
export function readToolChoice(value: unknown): ToolChoice | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const name = textOr(objectOr(objectOr(value)["function"])["name"]);
  if (name !== "") {
    return { kind: "tool", name };
  }
  if (value === "auto" || value === "none" || value === "required") {
    return { kind: value };
  }
  if (value === "any") {
    return { kind: "required" };
  }
  throw invalidRequest("tool_choice is invalid", "tool_choice");
}

import type { ChatRequest, ReasoningRequest, ResponseFormat } from "#conversation/chat-request.ts";
import { arrayOr, isJsonObject, objectOr, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { readConversation } from "#surfaces/openai-chat/parse-messages.ts";
import { readToolChoice, readTools } from "#surfaces/openai-chat/parse-tools.ts";
import { readChatBrief } from "#surfaces/openai-chat/brief.ts";
import { readBody, readNumber } from "#surfaces/read-member.ts";
import { invalidRequest } from "#surfaces/surface-faults.ts";

/**
 * A chat completion's body in canonical form. What would change the shape of the answer and cannot be had from other
 * providers is refused; wishes about storage, tiers and caches are left out.
 */
export function parseChat(value: unknown): ChatRequest {
  const body = readBody(value);
  const brief = readChatBrief(body);
  refuseUntranslatable(body);
  const toolChoice = readToolChoice(body["tool_choice"]);
  return {
    model: brief.model,
    ...readConversation(arrayOr(body["messages"])),
    tools: readTools(body["tools"]),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...optional("parallelToolCalls", booleanOf(body["parallel_tool_calls"])),
    ...optional("outputTokensMax", brief.outputTokensMax),
    ...optional("temperature", readNumber(body, "temperature")),
    ...optional("topP", readNumber(body, "top_p")),
    ...optional("topK", readNumber(body, "top_k")),
    ...optional("frequencyPenalty", readNumber(body, "frequency_penalty")),
    ...optional("presencePenalty", readNumber(body, "presence_penalty")),
    ...optional("seed", readNumber(body, "seed")),
    stopSequences: readStops(body["stop"]),
    ...optional("responseFormat", readFormat(body["response_format"])),
    ...optional("reasoning", readEffort(body["reasoning_effort"])),
    ...optional(
      "endUserId",
      textOr(body["user"]) || textOr(body["safety_identifier"]) || undefined,
    ),
    stream: brief.stream,
  };
}

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [Key in Name]?: Value } {
  const members: { [Key in Name]?: Value } = {};
  if (value !== undefined) {
    members[name] = value;
  }
  return members;
}

/** Members that only a provider of the same dialect can honour. */
const UNTRANSLATABLE: readonly (readonly [name: string, isAsked: (value: unknown) => boolean])[] = [
  ["n", (value) => value !== 1],
  ["logprobs", (value) => value !== false],
  ["top_logprobs", (value) => value !== 0],
  ["audio", () => true],
  ["modalities", (value) => arrayOr(value).some((modality) => modality !== "text")],
  ["functions", () => true],
  ["function_call", (value) => value !== "none"],
  ["web_search_options", () => true],
];

function refuseUntranslatable(body: JsonObject): void {
  for (const [name, isAsked] of UNTRANSLATABLE) {
    const value = body[name];
    if (value !== undefined && value !== null && isAsked(value)) {
      throw invalidRequest(`${name} is not available for this model`, name);
    }
  }
}

function booleanOf(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

function readStops(value: unknown): readonly string[] {
  if (value === undefined || value === null) {
    return [];
  }
  const stops: readonly unknown[] = Array.isArray(value) ? value : [value];
  return stops.map((stop) => {
    if (typeof stop !== "string") {
      throw invalidRequest("stop must be a string or a list of strings", "stop");
    }
    return stop;
  });
}

function readFormat(value: unknown): ResponseFormat | undefined {
  if (!isJsonObject(value)) {
    return undefined;
  }
  if (value["type"] === "text") {
    return { kind: "text" };
  }
  if (value["type"] === "json_object") {
    return { kind: "json" };
  }
  const format = objectOr(value["json_schema"]);
  if (value["type"] !== "json_schema" || format["schema"] === undefined) {
    throw invalidRequest("response_format is invalid", "response_format");
  }
  return {
    kind: "json-schema",
    name: textOr(format["name"]) || "answer",
    schema: format["schema"],
    ...optional("strict", booleanOf(format["strict"])),
  };
}

const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;

function readEffort(value: unknown): ReasoningRequest | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const effort = EFFORTS.find((candidate) => candidate === value);
  if (effort === undefined) {
    throw invalidRequest(
      `reasoning_effort must be one of ${EFFORTS.join(", ")}`,
      "reasoning_effort",
    );
  }
  return { effort };
}

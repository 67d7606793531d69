import type { ChatRequest, ReasoningRequest, ResponseFormat } from "#conversation/chat-request.ts";
import { arrayOr, isJsonObject, objectOr, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { readMessagesBrief } from "#surfaces/anthropic-messages/brief.ts";
import { readConversation } from "#surfaces/anthropic-messages/parse-messages.ts";
import { readToolChoice, readTools } from "#surfaces/anthropic-messages/parse-tools.ts";
import { readBody, readNumber } from "#surfaces/read-member.ts";
import { invalidRequest } from "#surfaces/surface-faults.ts";

/** A Messages call in canonical form. What only Anthropic itself can run (its tools, containers) is refused. */
export function parseMessages(value: unknown): ChatRequest {
  const body = readBody(value);
  const brief = readMessagesBrief(body);
  for (const name of ["mcp_servers", "container", "context_management"]) {
    if (body[name] !== undefined && body[name] !== null) {
      throw invalidRequest(`${name} is not available for this model`, name);
    }
  }
  const temperature = readNumber(body, "temperature");
  const topP = readNumber(body, "top_p");
  const topK = readNumber(body, "top_k");
  const responseFormat = readFormat(objectOr(body["output_config"])["format"]);
  const reasoning = readThinking(body);
  const endUserId = textOr(objectOr(body["metadata"])["user_id"]);
  return {
    model: brief.model,
    ...readConversation(body["system"], arrayOr(body["messages"])),
    tools: readTools(body["tools"]),
    ...readToolChoice(body["tool_choice"]),
    ...(brief.outputTokensMax === undefined ? {} : { outputTokensMax: brief.outputTokensMax }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
    stopSequences: readStops(body["stop_sequences"]),
    ...(responseFormat === undefined ? {} : { responseFormat }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(endUserId === "" ? {} : { endUserId }),
    stream: brief.stream,
  };
}

function readStops(value: unknown): readonly string[] {
  return arrayOr(value).map((stop) => {
    if (typeof stop !== "string") {
      throw invalidRequest("stop_sequences must be a list of strings", "stop_sequences");
    }
    return stop;
  });
}

function readFormat(value: unknown): ResponseFormat | undefined {
  const format = objectOr(value);
  return format["type"] === "json_schema"
    ? { kind: "json-schema", name: "answer", schema: format["schema"] }
    : undefined;
}

const EFFORTS = ["low", "medium", "high", "xhigh", "max"] as const;

/** Thinking that is switched off says nothing: models that do not think know no word for it. */
function readThinking(body: JsonObject): ReasoningRequest | undefined {
  const thinking = body["thinking"];
  const named = objectOr(body["output_config"])["effort"];
  const effort = EFFORTS.find((candidate) => candidate === named);
  const type = isJsonObject(thinking) ? textOr(thinking["type"]) : "";
  if (type === "enabled") {
    const budgetTokens = Number(objectOr(thinking)["budget_tokens"]);
    if (!Number.isSafeInteger(budgetTokens) || budgetTokens < 1) {
      throw invalidRequest("thinking.budget_tokens is invalid", "thinking");
    }
    return { budgetTokens, ...(effort === undefined ? {} : { effort }) };
  }
  if (type === "adaptive") {
    return { effort: effort ?? "medium" };
  }
  return effort === undefined || type === "disabled" ? undefined : { effort };
}

import type {
  ChatRequest,
  ResponseFormat,
  TextPart,
  ToolChoice,
  ToolDefinition,
} from "#conversation/chat-request.ts";
import { withoutUndefined } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { cacheControl, writeSystem, writeTurns } from "#providers/anthropic/messages.ts";
import { modelRulesOf } from "#providers/anthropic/model-rules.ts";
import type { ModelRules } from "#providers/anthropic/model-rules.ts";
import { planThinking } from "#providers/anthropic/thinking.ts";
import type { ThinkingPlan } from "#providers/anthropic/thinking.ts";

/**
 * A chat as the body of a call. What the interface has no word for (seed, penalties) is left out, as its clients of other
 * dialects send them out of habit.
 */
export function writeMessagesCall(request: ChatRequest): JsonObject {
  const rules = modelRulesOf(request.model);
  const outputTokensMax = request.outputTokensMax ?? rules.outputTokensDefault;
  const plan = planThinking(request, rules, outputTokensMax);
  const stops = request.stopSequences.filter((sequence) => sequence.trim() !== "");
  return withoutUndefined({
    model: request.model,
    max_tokens: outputTokensMax,
    system: writeSystem([...request.system, ...instructionsOf(request.responseFormat, rules)]),
    messages: writeTurns(request.messages),
    ...writeSampling(request, rules, plan),
    stop_sequences: stops.length === 0 ? undefined : stops,
    ...writeTools(request, rules),
    thinking: plan.thinking,
    output_config: writeOutputConfig(request.responseFormat, rules, plan),
    metadata: request.endUserId === undefined ? undefined : { user_id: request.endUserId },
    stream: request.stream ? true : undefined,
  });
}

/** Of temperature and top_p newer models take one, and none of them while they think by budget. */
function writeSampling(request: ChatRequest, rules: ModelRules, plan: ThinkingPlan): JsonObject {
  if (!rules.takesSampling || plan.isOn) {
    return {};
  }
  const { temperature } = request;
  return {
    temperature: temperature === undefined ? undefined : Math.min(Math.max(temperature, 0), 1),
    top_p: temperature === undefined || rules.thinking === "none" ? request.topP : undefined,
    top_k: request.topK,
  };
}

function writeTools(request: ChatRequest, rules: ModelRules): JsonObject {
  return request.tools.length === 0
    ? {}
    : {
        tools: request.tools.map(writeTool),
        tool_choice: writeToolChoice(request, rules),
      };
}

function writeTool(tool: ToolDefinition): JsonObject {
  return withoutUndefined({
    name: tool.name,
    description: tool.description,
    input_schema: tool.parameters ?? { type: "object", properties: {} },
    strict: tool.strict === true ? true : undefined,
    ...cacheControl(tool.cache),
  });
}

function writeToolChoice(request: ChatRequest, rules: ModelRules): JsonObject | undefined {
  const { toolChoice, parallelToolCalls } = request;
  const onlyOne = parallelToolCalls === false;
  if (toolChoice === undefined && !onlyOne) {
    return undefined;
  }
  const choice = choiceOf(toolChoice ?? { kind: "auto" }, rules);
  return onlyOne && choice["type"] !== "none"
    ? { ...choice, disable_parallel_tool_use: true }
    : choice;
}

function choiceOf(choice: ToolChoice, rules: ModelRules): JsonObject {
  switch (choice.kind) {
    case "auto":
      return { type: "auto" };
    case "none":
      return { type: "none" };
    case "required":
      return { type: rules.takesForcedTools ? "any" : "auto" };
    case "tool":
      return rules.takesForcedTools ? { type: "tool", name: choice.name } : { type: "auto" };
  }
}

/** Models that cannot be bound to a format are asked for it. */
function instructionsOf(
  format: ResponseFormat | undefined,
  rules: ModelRules,
): readonly TextPart[] {
  if (format?.kind === "json") {
    return [{ kind: "text", text: "Answer with one JSON object and nothing else." }];
  }
  if (format?.kind === "json-schema" && !rules.takesSchema) {
    const schema = JSON.stringify(format.schema);
    const text = `Answer with one JSON object of this schema and nothing else:\n${schema}`;
    return [{ kind: "text", text }];
  }
  return [];
}

function writeOutputConfig(
  format: ResponseFormat | undefined,
  rules: ModelRules,
  plan: ThinkingPlan,
): JsonObject | undefined {
  const config = withoutUndefined({
    effort: plan.effort,
    format:
      format?.kind === "json-schema" && rules.takesSchema
        ? { type: "json_schema", schema: format.schema }
        : undefined,
  });
  return Object.keys(config).length === 0 ? undefined : config;
}

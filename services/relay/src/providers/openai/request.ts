import type {
  ChatRequest,
  ReasoningRequest,
  ResponseFormat,
  ToolChoice,
  ToolDefinition,
} from "#conversation/chat-request.ts";
import { withoutUndefined } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import { isReasoningModel } from "#conversation/reasoning-model.ts";
import { writeMessages } from "#providers/openai/messages.ts";

/** What of a vendor shapes a request. */
export interface RequestQuirks {
  /** The vendor wants earlier reasoning back. */
  readonly replaysReasoning: boolean;
  readonly refusesStreamOptions: boolean;
}

/** A chat as the body of a chat completion. */
export function writeChatCompletion(request: ChatRequest, quirks: RequestQuirks): JsonObject {
  const { model, stream } = request;
  return withoutUndefined({
    model,
    messages: writeMessages(request, quirks),
    ...(isReasoningModel(model)
      ? { max_completion_tokens: request.outputTokensMax }
      : { max_tokens: request.outputTokensMax }),
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    frequency_penalty: request.frequencyPenalty,
    presence_penalty: request.presencePenalty,
    seed: request.seed,
    stop: request.stopSequences.length === 0 ? undefined : request.stopSequences,
    response_format: writeFormat(request.responseFormat),
    reasoning_effort: effortOf(model, request.reasoning),
    user: request.endUserId,
    ...writeTools(request),
    stream: stream ? true : undefined,
    stream_options: stream && !quirks.refusesStreamOptions ? { include_usage: true } : undefined,
  });
}

/** A budget is another vendor's measure: models that do not think would refuse the effort made of it. */
function effortOf(model: string, reasoning: ReasoningRequest | undefined): string | undefined {
  if (reasoning?.effort !== undefined) {
    return reasoning.effort;
  }
  if (reasoning?.budgetTokens === undefined || !isReasoningModel(model)) {
    return undefined;
  }
  if (reasoning.budgetTokens <= 4096) {
    return "low";
  }
  return reasoning.budgetTokens <= 16_384 ? "medium" : "high";
}

function writeFormat(format: ResponseFormat | undefined): JsonObject | undefined {
  switch (format?.kind) {
    case undefined:
      return undefined;
    case "text":
      return { type: "text" };
    case "json":
      return { type: "json_object" };
    case "json-schema":
      return {
        type: "json_schema",
        json_schema: withoutUndefined({
          name: format.name,
          schema: format.schema,
          strict: format.strict,
        }),
      };
  }
}

function writeTools(request: ChatRequest): JsonObject {
  return request.tools.length === 0
    ? {}
    : {
        tools: request.tools.map(writeTool),
        tool_choice: request.toolChoice && writeToolChoice(request.toolChoice),
        parallel_tool_calls: request.parallelToolCalls,
      };
}

function writeTool(tool: ToolDefinition): JsonObject {
  return {
    type: "function",
    function: withoutUndefined({
      name: tool.name,
      description: tool.description,
      parameters: tool.parameters ?? { type: "object", properties: {} },
      strict: tool.strict,
    }),
  };
}

function writeToolChoice(choice: ToolChoice): unknown {
  return choice.kind === "tool"
    ? { type: "function", function: { name: choice.name } }
    : choice.kind;
}

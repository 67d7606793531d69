import type { ChatRequest, ReasoningRequest } from "#conversation/chat-request.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import type { ModelRules } from "#providers/anthropic/model-rules.ts";

/** How a call is to think: members of the body, and what follows for the others. */
export interface ThinkingPlan {
  readonly isOn: boolean;
  readonly thinking?: JsonObject;
  readonly effort?: string;
}

const OFF: ThinkingPlan = { isOn: false };

/** Least budget that is accepted. */
const BUDGET_MIN = 1024;

const BUDGETS = {
  minimal: 1024,
  low: 4096,
  medium: 8192,
  high: 16_384,
  xhigh: 24_576,
  max: 32_000,
} as const;

/** Plans the thinking of a call within its bound of output tokens. */
export function planThinking(
  request: ChatRequest,
  rules: ModelRules,
  outputTokensMax: number,
): ThinkingPlan {
  const { reasoning } = request;
  if (reasoning === undefined || rules.thinking === "none") {
    return OFF;
  }
  if (reasoning.effort === "none") {
    const isStopped = rules.thinking === "adaptive" && rules.canStopThinking;
    return isStopped ? { isOn: false, thinking: { type: "disabled" } } : OFF;
  }
  return rules.thinking === "adaptive"
    ? { isOn: true, thinking: { type: "adaptive" }, effort: effortOf(reasoning) }
    : planBudget(request, reasoning, outputTokensMax);
}

/** The budget lies within the bound; where it does not fit, or the history forbids it, the call does not think. */
function planBudget(
  request: ChatRequest,
  reasoning: ReasoningRequest,
  outputTokensMax: number,
): ThinkingPlan {
  const wanted = reasoning.budgetTokens ?? BUDGETS[effortName(reasoning.effort)];
  const budget = Math.min(Math.max(wanted, BUDGET_MIN), outputTokensMax - 1);
  const isForced = request.toolChoice?.kind === "required" || request.toolChoice?.kind === "tool";
  if (budget < BUDGET_MIN || isForced || lacksThinking(request)) {
    return OFF;
  }
  return { isOn: true, thinking: { type: "enabled", budget_tokens: budget } };
}

/** The last turn of tool calls must come back with its signed thinking, which clients of other dialects lose. */
function lacksThinking({ messages }: ChatRequest): boolean {
  const last = messages.findLast((message) => message.role === "assistant");
  const parts = last?.role === "assistant" ? last.parts : [];
  return (
    parts.some((part) => part.kind === "tool-call") &&
    !parts.some(
      (part) =>
        part.kind === "redacted-thinking" ||
        (part.kind === "thinking" && part.signature !== undefined && part.signature !== ""),
    )
  );
}

function effortOf(reasoning: ReasoningRequest): string {
  if (reasoning.effort === undefined && reasoning.budgetTokens !== undefined) {
    return reasoning.budgetTokens <= BUDGETS.low
      ? "low"
      : reasoning.budgetTokens <= BUDGETS.high
        ? "medium"
        : "high";
  }
  const name = effortName(reasoning.effort);
  return name === "minimal" ? "low" : name;
}

function effortName(effort: ReasoningRequest["effort"]): keyof typeof BUDGETS {
  return effort === undefined || effort === "none" ? "medium" : effort;
}

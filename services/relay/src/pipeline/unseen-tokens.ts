import type { JsonObject } from "#conversation/json-value.ts";
import { objectOr } from "#conversation/json-value.ts";

/** Models that think before they answer and show little or nothing of it, by the beginnings of their names. */
const THINKERS =
  /^(?:openai\/|google\/|x-ai\/)?(?:o[134](?![a-z0-9])|gpt-5|gpt-oss|codex|gemini-(?:2\.5|[3-9])|grok-(?:3-mini|4))/u;

/** Output tokens, of at most so many, that an upstream may bill without passing their text on. */
export function unseenTokensOf(body: JsonObject, model: string, outputTokensMax: number): number {
  const { type, budget_tokens: budget } = objectOr(body["thinking"]);
  if (typeof budget === "number") {
    return Math.min(Math.max(0, budget), outputTokensMax);
  }
  const isAskedFor =
    (type !== undefined && type !== "disabled") ||
    body["reasoning"] !== undefined ||
    body["reasoning_effort"] !== undefined;
  return isAskedFor || THINKERS.test(model) ? outputTokensMax : 0;
}

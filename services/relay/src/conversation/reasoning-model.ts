/** OpenAI's models that think, by the beginnings of their names; they know `max_completion_tokens` only. */
export function isReasoningModel(model: string): boolean {
  return /^(?:o[1-9]|gpt-(?:[5-9]|\d\d))/u.test(model);
}

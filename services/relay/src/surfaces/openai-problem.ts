import type { Problem, ProblemDialect } from "#surfaces/surface.ts";

/** OpenAI's error body, as One API fills it; the surfaces of the OpenAI family share it. */
export const openAiProblem: ProblemDialect = {
  body: errorBody,
  streamEvent: (problem) => `data: ${errorBody(problem)}\n\n`,
};

function errorBody(problem: Problem): string {
  const { type, param, code } = problem;
  return JSON.stringify({ error: { message: messageOf(problem), type, param, code } });
}

function messageOf({ message, requestId }: Problem): string {
  const suffix = ` (request id: ${requestId})`;
  return requestId === "" || message.endsWith(suffix) ? message : message + suffix;
}

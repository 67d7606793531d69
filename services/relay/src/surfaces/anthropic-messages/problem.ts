import type { Problem, ProblemDialect } from "#surfaces/surface.ts";

/** Anthropic's error body. */
export const anthropicProblem: ProblemDialect = {
  body: errorBody,
  streamEvent: (problem) => `event: error\ndata: ${errorBody(problem)}\n\n`,
};

function errorBody(problem: Problem): string {
  return JSON.stringify({
    type: "error",
    error: { type: typeOf(problem), message: problem.message },
    request_id: problem.requestId,
  });
}

/** The names that Anthropic's clients switch on, by status. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [400, "invalid_request_error"],
  [401, "authentication_error"],
  [402, "billing_error"],
  [403, "permission_error"],
  [404, "not_found_error"],
  [408, "timeout_error"],
  [413, "request_too_large"],
  [429, "rate_limit_error"],
  [500, "api_error"],
  [503, "overloaded_error"],
  [504, "timeout_error"],
  [529, "overloaded_error"],
]);

function typeOf({ status, code }: Problem): string {
  if (code === "insufficient_user_quota") {
    return "billing_error";
  }
  return TYPES.get(status) ?? (status < 500 ? "invalid_request_error" : "api_error");
}

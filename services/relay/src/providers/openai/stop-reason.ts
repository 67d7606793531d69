import type { StopReason } from "#conversation/stop-reason.ts";

const REASONS: ReadonlyMap<string, StopReason> = new Map<string, StopReason>([
  ["stop", { kind: "end" }],
  ["eos", { kind: "end" }],
  ["length", { kind: "length" }],
  ["model_length", { kind: "length" }],
  ["tool_calls", { kind: "tool-calls" }],
  ["function_call", { kind: "tool-calls" }],
  ["content_filter", { kind: "content-filter" }],
  ["sensitive", { kind: "content-filter" }],
]);

/** Ends that are failures of the upstream. */
export const FAILED_FINISHES: ReadonlySet<string> = new Set([
  "error",
  "insufficient_system_resource",
]);

/** `finish_reason` in canonical words; some vendors say `stop` also where the model calls tools. */
export function readFinishReason(raw: string, hasToolCalls: boolean): StopReason {
  const reason = REASONS.get(raw);
  if (hasToolCalls && (reason === undefined || reason.kind === "end")) {
    return { kind: "tool-calls" };
  }
  return reason ?? { kind: "other", raw };
}

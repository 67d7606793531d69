import { textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";
import type { StopReason } from "#conversation/stop-reason.ts";

const REASONS: ReadonlyMap<string, StopReason> = new Map<string, StopReason>([
  ["end_turn", { kind: "end" }],
  ["pause_turn", { kind: "end" }],
  ["max_tokens", { kind: "length" }],
  ["model_context_window_exceeded", { kind: "length" }],
  ["tool_use", { kind: "tool-calls" }],
  ["refusal", { kind: "content-filter" }],
]);

/** `stop_reason` and `stop_sequence` of a message or of its last delta. */
export function readStopReason(message: JsonObject): StopReason {
  const raw = textOr(message["stop_reason"]);
  if (raw === "stop_sequence") {
    const sequence = textOr(message["stop_sequence"]);
    return { kind: "stop-sequence", ...(sequence === "" ? {} : { sequence }) };
  }
  return REASONS.get(raw) ?? { kind: "other", raw };
}

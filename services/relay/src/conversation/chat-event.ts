import type { StopReason } from "#conversation/stop-reason.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";

/**
 * A streamed answer, piece by piece. Order: one `reply-start`; parts, each `*-start`, deltas, `*-end`, never nested,
 * numbered from 0 in order of appearance (`redacted-thinking` is a part of one event); `usage` any number of times (each replaces the one before); then one
 * `reply-end` or one `reply-failed`.
 */
export type ChatEvent =
  | { readonly kind: "reply-start"; readonly id: string; readonly model: string }
  | { readonly kind: "text-start"; readonly index: number }
  | { readonly kind: "text-delta"; readonly index: number; readonly text: string }
  | { readonly kind: "text-end"; readonly index: number }
  | { readonly kind: "thinking-start"; readonly index: number }
  | { readonly kind: "thinking-delta"; readonly index: number; readonly text: string }
  | { readonly kind: "thinking-end"; readonly index: number; readonly signature?: string }
  | { readonly kind: "redacted-thinking"; readonly index: number; readonly data: string }
  | { readonly kind: "refusal-start"; readonly index: number }
  | { readonly kind: "refusal-delta"; readonly index: number; readonly text: string }
  | { readonly kind: "refusal-end"; readonly index: number }
  | {
      readonly kind: "tool-call-start";
      readonly index: number;
      readonly id: string;
      readonly name: string;
    }
  | { readonly kind: "tool-call-delta"; readonly index: number; readonly argumentsText: string }
  | { readonly kind: "tool-call-end"; readonly index: number }
  | { readonly kind: "usage"; readonly usage: TokenUsage }
  | { readonly kind: "reply-end"; readonly stopReason: StopReason }
  | { readonly kind: "reply-failed"; readonly fault: UpstreamFault };

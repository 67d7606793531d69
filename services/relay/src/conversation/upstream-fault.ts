/** Whose matter a failed try is; decides on fail-over, cooling down and switching a channel off. */
export type FaultKind = "caller" | "credential" | "funds" | "rate-limit" | "transient" | "protocol";

/** Why a try at an upstream failed. Never holds a credential. */
export interface UpstreamFault {
  readonly kind: FaultKind;
  /** HTTP status of the upstream, 0 if there was no answer. */
  readonly status: number;
  /** UPPER_SNAKE_CASE, such as `RATE_LIMITED`, `CONNECT_FAILED`, `NOT_JSON`. */
  readonly reason: string;
  /** One sentence: the upstream's own words where it had some, cut to 500 characters. */
  readonly message: string;
  /** The upstream's `type` and `code`, passed on to callers for faults of theirs. */
  readonly upstreamType?: string;
  readonly upstreamCode?: string;
  readonly upstreamParam?: string;
  /** From Retry-After or the like. */
  readonly retryAfterMs?: number;
}

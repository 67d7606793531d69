import type { TokenUsage } from "#conversation/token-usage.ts";

/**
 * What a call consumed, in the buckets of `tollgate.type.v1.Usage`. Every count is a whole number from 0 to 2^32 - 1;
 * {@link isCountable} is the test.
 */
export interface CallUsage extends TokenUsage {
  /** 1, or 0 when nothing was delivered. */
  readonly calls: number;
}

/** Everything that the price of a call depends on, pinned before the upstream is asked. */
export interface CallStart {
  /** UUIDv7, 16 bytes. */
  readonly requestId: Uint8Array;
  readonly epoch: number;
  /** 0 = no lease pays (free models). */
  readonly leaseNo: number;
  readonly userId: number;
  readonly keyId: number;
  readonly group: string;
  readonly model: string;
  readonly pricedModel: string;
  readonly channelType: number;
  readonly channelId: number;
  readonly priceVersion: number;
  readonly estimateNanos: number;
  readonly inputEstimateTokens: number;
  readonly stream: boolean;
  readonly surface: string;
  readonly startedAtMs: number;
  readonly clientIp: string;
  /** 16 bytes that stand for the caller's key of idempotency; empty = it sent none. */
  readonly idempotencyHash: Uint8Array;
}

/** Of a call without a key of idempotency. */
export const NO_IDEMPOTENCY: Uint8Array = new Uint8Array();

/** One try at an upstream. */
export interface CallAttempt {
  readonly channelId: number;
  /** HTTP status of the upstream, 0 = no answer. */
  readonly status: number;
  /** UPPER_SNAKE_CASE, "" = it did not fail. */
  readonly reason: string;
  readonly elapsedMs: number;
}

/** How the usage of a settled call is known; the words of `tollgate.type.v1.Basis`. */
export type CallBasis =
  | "usage"
  | "counted"
  | "aborted"
  | "drained"
  | "partial"
  | "failed"
  | "crash"
  | "crash-undelivered"
  | "cutoff";

/** How a call ended. */
export interface CallEnd {
  readonly usage: CallUsage;
  readonly basis: CallBasis;
  readonly costNanos: bigint;
  /** 0 = no channel served. */
  readonly channelId: number;
  readonly channelType: number;
  readonly pricedModel: string;
  readonly attempts: readonly CallAttempt[];
  readonly upstreamId: string;
  readonly status: number;
  readonly errorReason: string;
  readonly errorMessage: string;
  readonly ttftMs: number;
  readonly durationMs: number;
  readonly systemPromptReset: boolean;
  /** Nobody counted the tokens: what is billed was taken from the number of bytes. */
  readonly isEstimated: boolean;
}

/** Largest count that a bucket can hold. */
const usageCountMax = 0xffff_ffff;

/** False for usage that no upstream can mean: negative, fractional or beyond 32 bits. */
export function isCountable(usage: TokenUsage): boolean {
  return (
    isCount(usage.inputTokens) &&
    isCount(usage.cacheReadTokens) &&
    isCount(usage.cacheWrite5mTokens) &&
    isCount(usage.cacheWrite1hTokens) &&
    isCount(usage.outputTokens) &&
    isCount(usage.reasoningTokens) &&
    isCount(usage.audioInputTokens) &&
    isCount(usage.audioOutputTokens) &&
    isCount(usage.imageInputTokens) &&
    isCount(usage.imageOutputTokens)
  );
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= usageCountMax;
}

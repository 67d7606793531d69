/** What upstreams charge us for a call: the serving one for its usage, lost ones for what they had to read. */
import type { Multiplier } from "@tollgate/kit/money/multiplier";
import { unitMultiplier } from "@tollgate/kit/money/multiplier";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { ZERO, addNano } from "@tollgate/kit/money/nano-usd";
import type { PriceVector } from "./price.ts";
import { costOf } from "./rating.ts";
import type { Attempt, SettledAttempt } from "./settled-call.ts";
import type { Usage } from "./usage.ts";
import { noUsage } from "./usage.ts";

/** What a channel charges for a model. */
export interface UpstreamRate {
  readonly multiplier: Multiplier;
  /** Undefined = the list price. */
  readonly price: PriceVector | undefined;
}

/** A call and the prices that its cost is found by. */
export interface UpstreamUse {
  readonly usage: Usage;
  /** Channel that served, 0 = none. */
  readonly channelId: number;
  readonly attempts: readonly Attempt[];
  /** What its model costs by the provider's list; undefined when nobody knows. */
  readonly listPrice: PriceVector | undefined;
  /** What a channel charges for the model; undefined = the list price. */
  readonly rateOf: (channelId: number) => UpstreamRate | undefined;
}

/** What a call costs us. */
export interface UpstreamCost {
  readonly totalNanos: NanoUsd;
  readonly attempts: readonly SettledAttempt[];
}

/**
 * Failures of an upstream that had taken the request and may have worked on it: it charges what it read, as far as anybody knows.
 * One that refused, or was not reached, charges nothing.
 */
const paidReasons: ReadonlySet<string> = new Set([
  "HEADERS_TIMEOUT",
  "IDLE_TIMEOUT",
  "CALL_TIMEOUT",
  "TIMED_OUT",
  "REPLY_CUT",
  "STREAM_CUT",
  "CONNECTION_LOST",
  "REPLY_TOO_LARGE",
]);

/** The cost of every try and their sum. A call without any try recorded is costed by its channel alone. */
export function upstreamCostOf(use: UpstreamUse): UpstreamCost {
  const { attempts, channelId } = use;
  const [only] = attempts;
  if (channelId !== 0 && (only === undefined || (attempts.length === 1 && only.reason === ""))) {
    const totalNanos = costAt(use, channelId, use.usage);
    return {
      totalNanos,
      attempts: only === undefined ? [] : [settledAttempt(only, totalNanos)],
    };
  }
  const servedAt = attempts.findLastIndex((attempt) => attempt.channelId === channelId);
  const costed = attempts.map((attempt, index) =>
    settledAttempt(attempt, costOfAttempt(use, attempt, index === servedAt)),
  );
  return {
    totalNanos: costed.reduce(
      (sum, { upstreamCostNanos }) => addNano(sum, upstreamCostNanos),
      ZERO,
    ),
    attempts: costed,
  };
}

function settledAttempt(attempt: Attempt, upstreamCostNanos: NanoUsd): SettledAttempt {
  const { channelId, status, reason, elapsedMs } = attempt;
  return { channelId, status, reason, elapsedMs, upstreamCostNanos };
}

function costOfAttempt(use: UpstreamUse, attempt: Attempt, isServing: boolean): NanoUsd {
  if (attempt.reason === "" || (isServing && hasOutput(use.usage))) {
    return costAt(use, attempt.channelId, use.usage);
  }
  return paidReasons.has(attempt.reason)
    ? costAt(use, attempt.channelId, inputOf(use.usage))
    : ZERO;
}

function costAt(use: UpstreamUse, channelId: number, usage: Usage): NanoUsd {
  const rate = use.rateOf(channelId);
  const price = rate?.price ?? use.listPrice;
  return price === undefined ? ZERO : costOf(usage, price, rate?.multiplier ?? unitMultiplier);
}

function hasOutput(usage: Usage): boolean {
  return usage.outputTokens + usage.reasoningTokens + usage.audioOutputTokens > 0;
}

function inputOf(usage: Usage): Usage {
  return {
    ...noUsage,
    // What was read from a cache by one upstream is new to another.
    inputTokens:
      usage.inputTokens +
      usage.cacheReadTokens +
      usage.cacheWrite5mTokens +
      usage.cacheWrite1hTokens,
    audioInputTokens: usage.audioInputTokens,
    imageInputTokens: usage.imageInputTokens,
  };
}

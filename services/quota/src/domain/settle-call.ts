import { uuidV7Time } from "@tollgate/kit/ids/uuid-v7";
import type { Multiplier } from "@tollgate/kit/money/multiplier";
import { ZERO } from "@tollgate/kit/money/nano-usd";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { EndedCall } from "./journal-entry.ts";
import type { PriceVector } from "./price.ts";
import { ppmOne } from "./price-book.ts";
import { outdatedAfterMs } from "./price-timeline.ts";
import { boundCost, costOf } from "./rating.ts";
import type { SettledCall } from "./settled-call.ts";
import type { UpstreamRate } from "./upstream-cost.ts";
import { upstreamCostOf } from "./upstream-cost.ts";
import { completionTokensOf, isFreeBasis, promptTokensOf } from "./usage.ts";

/** The price of one call. */
export interface CallPrice {
  readonly price: PriceVector;
  /** What the provider publishes; the same as `price` where that is not known. */
  readonly listPrice: PriceVector;
  readonly multiplier: Multiplier;
}

/** What calls are priced by and named with. */
export interface CallPricing {
  /** Undefined when the book is gone or has no price for the model. */
  readonly priceOf: (call: EndedCall) => CallPrice | undefined;
  /** From when another price book was in force; Infinity = not yet. */
  readonly supersededAtMs: (priceVersion: number) => number;
  /** What a channel charges us for a model; undefined = the list price. */
  readonly upstreamRate: (channelId: number, model: string) => UpstreamRate | undefined;
  /** Names as they are now; "" when unknown. */
  readonly usernameOf: (userId: number) => string;
  readonly keyNameOf: (keyId: number) => string;
}

const dayMs = 86_400_000;
const pastMsMax = 400 * dayMs;

/** The row of a call. Its cost is computed anew; the relay's figure only tells whether the two agree. */
export function settleCall(
  call: EndedCall,
  context: { readonly pricing: CallPricing; readonly batchId: Uint8Array; readonly nowMs: number },
): SettledCall {
  const { pricing, batchId, nowMs } = context;
  const price = pricing.priceOf(call);
  const costNanos = computeCost(call, price);
  const upstream = upstreamCostOf({
    usage: call.usage,
    channelId: call.channelId,
    attempts: call.attempts,
    listPrice: price?.listPrice,
    rateOf: (channelId) => pricing.upstreamRate(channelId, call.pricedModel),
  });
  const createdAtMs = startOf(call.requestId, nowMs);
  return {
    requestId: call.requestId,
    createdAtMs,
    userId: call.userId,
    username: pricing.usernameOf(call.userId),
    keyId: call.keyId,
    keyName: pricing.keyNameOf(call.keyId),
    group: call.group,
    model: call.model,
    pricedModel: call.pricedModel,
    channelId: call.channelId,
    channelType: call.channelType,
    priceVersion: call.priceVersion,
    multiplierPpm: price?.multiplier.ppm ?? ppmOne,
    costNanos,
    upstreamCostNanos: upstream.totalNanos,
    usage: call.usage,
    promptTokens: promptTokensOf(call.usage),
    completionTokens: completionTokensOf(call.usage),
    basis: call.basis,
    status: call.status,
    errorReason: call.errorReason,
    errorMessage: call.errorMessage,
    durationMs: call.durationMs,
    ttftMs: call.ttftMs,
    isStream: call.isStream,
    isSystemPromptReset: call.isSystemPromptReset,
    isEstimated: call.isEstimated,
    surface: call.surface,
    clientIp: call.clientIp,
    upstreamId: call.upstreamId,
    leaseEpoch: call.epoch,
    leaseNo: call.leaseNo,
    holdNanos: call.holdNanos,
    beyondNanos: ZERO,
    isLate: false,
    // A call without a price can only be posted by the relay's figure, which somebody has to look at.
    isCostCorrected: costNanos !== call.costNanos || (price === undefined && costNanos > 0n),
    isPriceOutdated: createdAtMs > pricing.supersededAtMs(call.priceVersion) + outdatedAfterMs,
    batchId,
    attempts: upstream.attempts,
  };
}

function computeCost(call: EndedCall, price: CallPrice | undefined): NanoUsd {
  if (isFreeBasis(call.basis)) {
    return ZERO;
  }
  return price === undefined
    ? boundCost(call.costNanos)
    : costOf(call.usage, price.price, price.multiplier);
}

/** The time in the id, unless it cannot be true: a row of the year 10889 would break every window of time. */
function startOf(requestId: Uint8Array, nowMs: number): number {
  const startMs = uuidV7Time(requestId);
  return startMs > nowMs - pastMsMax && startMs < nowMs + dayMs ? startMs : nowMs;
}

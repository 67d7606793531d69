import { uuidV7Time } from "@tollgate/kit/ids/uuid-v7";
import { ZERO } from "@tollgate/kit/money/nano-usd";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { EndedCall } from "./journal-entry.ts";
import type { PriceVector } from "./price.ts";
import { ppmOne } from "./price-book.ts";
import { boundCost, costOf } from "./rating.ts";
import type { SettledCall } from "./settled-call.ts";
import { completionTokensOf, isFreeBasis, promptTokensOf } from "./usage.ts";

/** The price of one call. */
export interface CallPrice {
  readonly price: PriceVector;
  readonly multiplierPpm: number;
}

/** What calls are priced by and named with. */
export interface CallPricing {
  /** Undefined when the book is gone or has no price for the model. */
  readonly priceOf: (call: EndedCall) => CallPrice | undefined;
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
  return {
    requestId: call.requestId,
    createdAtMs: startOf(call.requestId, nowMs),
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
    multiplierPpm: price?.multiplierPpm ?? ppmOne,
    costNanos,
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
    surface: call.surface,
    clientIp: call.clientIp,
    upstreamId: call.upstreamId,
    isLate: false,
    // A call without a price can only be posted by the relay's figure, which somebody has to look at.
    isCostCorrected: costNanos !== call.costNanos || (price === undefined && costNanos > 0n),
    batchId,
    attempts: call.attempts,
  };
}

function computeCost(call: EndedCall, price: CallPrice | undefined): NanoUsd {
  if (isFreeBasis(call.basis)) {
    return ZERO;
  }
  return price === undefined
    ? boundCost(call.costNanos)
    : costOf(call.usage, price.price, price.multiplierPpm);
}

/** The time in the id, unless it cannot be true: a row of the year 10889 would break every window of time. */
function startOf(requestId: Uint8Array, nowMs: number): number {
  const startMs = uuidV7Time(requestId);
  return startMs > nowMs - pastMsMax && startMs < nowMs + dayMs ? startMs : nowMs;
}

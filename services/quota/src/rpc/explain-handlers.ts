import type { ServiceImpl } from "@connectrpc/connect";
import { formatUuid, parseUuid } from "@tollgate/kit/ids/uuid-v7";
import type { ExplainService } from "@tollgate/proto/quota/v1/explain_service";
import { PriceState } from "@tollgate/proto/quota/v1/explain_service";
import type { Computation } from "#domain/computation.ts";
import { fault } from "#domain/faults.ts";
import type { PricePart } from "#domain/price.ts";
import type { SettledAttempt } from "#domain/settled-call.ts";
import type {
  CallExplanation,
  CallRefund,
  ExplainCall,
  ExplainedPrice,
  LeaseAround,
  PayingLease,
} from "#usecases/reports/explain-call.ts";
import { basisToWire } from "./wire-log.ts";
import { optionalIdFromWire } from "./wire-number.ts";

/** The use case behind `ExplainService`. */
export interface ExplainUseCases {
  readonly explainCall: ExplainCall;
}

/** `ExplainService`, one function per RPC. */
export function createExplainHandlers({
  explainCall,
}: ExplainUseCases): ServiceImpl<typeof ExplainService> {
  return {
    explainCall: async ({ requestId, userId }) =>
      explanationToWire(
        await explainCall({
          requestId: requestIdFromWire(requestId),
          userId: optionalIdFromWire(userId),
        }),
      ),
  };
}

/** Throws CALL_NOT_FOUND for a text that is no UUID: it names no call. */
function requestIdFromWire(text: string): Uint8Array {
  try {
    return parseUuid(text);
  } catch (error) {
    // Translates, as said above.
    throw fault("CALL_NOT_FOUND", { cause: error });
  }
}

function explanationToWire(explanation: CallExplanation) {
  const { call, price } = explanation;
  return {
    requestId: formatUuid(call.requestId),
    userId: BigInt(call.userId),
    createdAtMs: BigInt(call.createdAtMs),
    model: call.model,
    pricedModel: call.pricedModel,
    channelType: call.channelType,
    group: call.group,
    priceVersion: BigInt(call.priceVersion),
    ...priceToWire(price, call.costNanos),
    costNanos: call.costNanos,
    basis: basisToWire(call.basis),
    basisMeaning: explanation.basisMeaning,
    status: call.status,
    errorReason: call.errorReason,
    attempts: call.attempts.map(attemptToWire),
    upstreamCostNanos: call.upstreamCostNanos,
    refunds: explanation.refunds.map(refundToWire),
    leases: explanation.leases.map(leaseToWire),
    ...(explanation.payingLease !== undefined && {
      payingLease: payingLeaseToWire(explanation.payingLease),
    }),
    late: call.isLate,
    corrected: call.isCostCorrected,
    priceOutdated: call.isPriceOutdated,
    settledAtMs: BigInt(explanation.settledAtMs),
  };
}

function priceToWire(price: ExplainedPrice, costNanos: bigint) {
  switch (price.kind) {
    case "version-gone":
      return { priceState: PriceState.VERSION_GONE };
    case "unpriced":
      return {
        priceState: PriceState.MODEL_UNPRICED,
        priceEffectiveAtMs: BigInt(price.effectiveAtMs),
      };
    case "known":
      return {
        priceState: PriceState.KNOWN,
        priceEffectiveAtMs: BigInt(price.effectiveAtMs),
        computation: {
          ...computationToWire(price.computation),
          groupPpm: price.groupPpm,
          userPpm: price.userPpm,
        },
        matches: price.computation.amountNanos === costNanos,
      };
  }
}

const bucketNames: Readonly<Record<PricePart, string>> = {
  input: "input",
  cacheRead: "cache_read",
  cacheWrite5m: "cache_write_5m",
  cacheWrite1h: "cache_write_1h",
  output: "output",
  reasoning: "reasoning",
  audioInput: "audio_input",
  audioOutput: "audio_output",
  imageInput: "image_input",
  imageOutput: "image_output",
  call: "call",
  image: "image",
  millisecond: "millisecond",
  character: "character",
};

function computationToWire(computation: Computation) {
  return {
    lines: computation.lines.map(({ part, units, picoUsdPerUnit, picoUsd }) => ({
      bucket: bucketNames[part],
      units: BigInt(units),
      picoUsdPerUnit,
      picoUsd: picoUsd.toString(),
    })),
    promptTokens: BigInt(computation.promptTokens),
    tierAbovePromptTokens: BigInt(computation.tierAbovePromptTokens),
    tierThresholds: computation.tierThresholds.map(BigInt),
    sumPicoUsd: computation.sumPicoUsd.toString(),
    exactNumerator: computation.exactNumerator.toString(),
    exactDenominator: computation.exactDenominator.toString(),
    exactNanos: computation.exactNanos,
    roundingNanos: computation.roundingNanos,
    capped: computation.isCapped,
    freeBasis: computation.isFree,
    amountNanos: computation.amountNanos,
  };
}

function attemptToWire(attempt: SettledAttempt) {
  return {
    channelId: BigInt(attempt.channelId),
    status: attempt.status,
    reason: attempt.reason,
    elapsedMs: BigInt(attempt.elapsedMs),
    upstreamCostNanos: attempt.upstreamCostNanos,
  };
}

function refundToWire(refund: CallRefund) {
  return {
    seq: refund.seq,
    amountNanos: refund.amountNanos,
    reason: refund.reason,
    actorId: BigInt(refund.actorId),
    createdAtMs: BigInt(refund.createdAtMs),
  };
}

function payingLeaseToWire({ journalId, lease, ...paying }: PayingLease) {
  return {
    journalId: journalId === undefined ? "" : formatUuid(journalId),
    epoch: BigInt(paying.epoch),
    leaseNo: BigInt(paying.leaseNo),
    holdNanos: paying.holdNanos,
    beyondNanos: paying.beyondNanos,
    remainderNanos: paying.remainderNanos,
    ...(lease !== undefined && { lease: leaseToWire(lease) }),
  };
}

function leaseToWire(lease: LeaseAround) {
  return {
    journalId: formatUuid(lease.journalId),
    epoch: BigInt(lease.epoch),
    leaseNo: BigInt(lease.leaseNo),
    keyId: BigInt(lease.keyId),
    grantedNanos: lease.grantedNanos,
    settledNanos: lease.settledNanos,
    returnedNanos: lease.returnedNanos,
    active: lease.isActive,
    createdAtMs: BigInt(lease.createdAtMs),
    closedAtMs: BigInt(lease.closedAtMs),
  };
}

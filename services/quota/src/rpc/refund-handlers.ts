import type { ServiceImpl } from "@connectrpc/connect";
import { parseUuid } from "@tollgate/kit/ids/uuid-v7";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import type { RefundService } from "@tollgate/proto/quota/v1/refund_service";
import { fault } from "#domain/faults.ts";
import type { ReadCharge, RefundCall } from "#usecases/wallets/refund-call.ts";
import type { WriteOff } from "#usecases/wallets/write-off.ts";
import { numberFromWire } from "./wire-number.ts";

/** The use cases behind `RefundService`. */
export interface RefundUseCases {
  readonly readCharge: ReadCharge;
  readonly refundCall: RefundCall;
  readonly writeOff: WriteOff;
}

/** `RefundService`, one function per RPC. */
export function createRefundHandlers({
  readCharge,
  refundCall,
  writeOff,
}: RefundUseCases): ServiceImpl<typeof RefundService> {
  return {
    getCharge: async ({ requestId }) => {
      const charge = await readCharge(requestIdFromWire(requestId));
      return {
        userId: BigInt(charge.userId),
        costNanos: charge.costNanos,
        refundedNanos: charge.refundedNanos,
      };
    },
    refundCall: async (request) => {
      const outcome = await refundCall({
        requestId: requestIdFromWire(request.requestId),
        amountNanos: request.amountNanos === undefined ? undefined : nanoUsd(request.amountNanos),
        reason: request.reason,
        actorId: numberFromWire(request.actorId),
        actorName: request.actorName,
        idempotencyKey: request.idempotencyKey,
      });
      return {
        userId: BigInt(outcome.userId),
        amountNanos: outcome.amountNanos,
        refundedNanos: outcome.refundedNanos,
        applied: outcome.isApplied,
      };
    },
    writeOff: async ({ userId, reason, actorId, actorName, idempotencyKey }) => {
      const { amountNanos, isApplied } = await writeOff({
        requestId: idempotencyKey,
        userId: numberFromWire(userId),
        reason,
        actorId: numberFromWire(actorId),
        actorName,
      });
      return { amountNanos, applied: isApplied };
    },
  };
}

function requestIdFromWire(text: string): Uint8Array {
  try {
    return parseUuid(text);
  } catch (error) {
    // Translates: a text that is no UUID names no call.
    throw fault("CALL_NOT_FOUND", { cause: error });
  }
}

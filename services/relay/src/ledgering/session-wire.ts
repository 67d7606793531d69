import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  AcquireLeaseRequestSchema,
  BeatRequestSchema,
  LeaseRefused,
} from "@tollgate/proto/quota/v1/session_service";
import { LeaseReason, LeaseRefusalReason } from "@tollgate/proto/quota/v1/session_service";
import type { Journal } from "#ledgering/journal.ts";
import type {
  AcquireOutcome,
  AcquireReason,
  AcquireRequest,
  RefusalReason,
} from "#ledgering/acquire-request.ts";
import type { LeaseInventory } from "#ledgering/session-events.ts";
import type { SessionResponseBody } from "#ledgering/session-calls.ts";

const reasonToWire = {
  first: LeaseReason.FIRST,
  refill: LeaseReason.REFILL,
  starved: LeaseReason.STARVED,
} as const satisfies Record<AcquireReason, LeaseReason>;

const refusalFromWire: Readonly<Record<LeaseRefusalReason, RefusalReason | "fenced" | undefined>> =
  {
    [LeaseRefusalReason.UNSPECIFIED]: undefined,
    [LeaseRefusalReason.BALANCE]: "balance",
    [LeaseRefusalReason.KEY_CAP]: "key-cap",
    [LeaseRefusalReason.FENCED]: "fenced",
    [LeaseRefusalReason.REVOKED]: "revoked",
  };

export function acquireToWire(
  journal: Pick<Journal, "journalId" | "epoch">,
  request: AcquireRequest,
): MessageInitShape<typeof AcquireLeaseRequestSchema> {
  return {
    journalId: journal.journalId,
    epoch: journal.epoch,
    leaseNo: request.leaseNo,
    userId: BigInt(request.userId),
    keyId: BigInt(request.keyId),
    wantNanos: BigInt(request.wantNanos),
    needMinNanos: BigInt(request.needMinNanos),
    singleNeedNanos: BigInt(request.singleNeedNanos),
    typicalNanos: BigInt(request.typicalNanos),
    reason: reasonToWire[request.reason],
  };
}

export function inventoryToWire(
  { journalId, epoch }: Pick<Journal, "journalId" | "epoch">,
  { resolvedUpTo, leases }: LeaseInventory,
  acknowledgedSeq: number,
): MessageInitShape<typeof BeatRequestSchema> {
  return {
    journalId,
    epoch,
    acknowledgedSeq: BigInt(acknowledgedSeq),
    resolvedUpTo,
    leases: leases.map((lease) => ({
      leaseNo: lease.leaseNo,
      freeNanos: BigInt(lease.freeNanos),
      spendRateNanos: BigInt(lease.spendRateNanos),
      openCalls: lease.openCalls,
    })),
  };
}

/** Throws for an answer that is none. */
export function outcomeFromWire(body: SessionResponseBody): AcquireOutcome | "fenced" {
  const outcome = body.case === "acquireLease" ? body.value.outcome : undefined;
  switch (outcome?.case) {
    case "granted":
      return {
        kind: "granted",
        grantedNanos: outcome.value.grantedNanos,
        isSingleCall: outcome.value.singleCall,
      };
    case "refused":
      return refusedFromWire(outcome.value);
    case undefined:
      throw new Error("quota answered a request for a lease with neither a grant nor a refusal");
  }
}

function refusedFromWire(refused: LeaseRefused): AcquireOutcome | "fenced" {
  const reason = refusalFromWire[refused.reason];
  if (reason === undefined) {
    throw new Error(`quota refused a lease for the unknown reason ${refused.reason}`);
  }
  return reason === "fenced"
    ? "fenced"
    : {
        kind: "refused",
        reason,
        availableNanos: refused.availableNanos,
        retryAfterMs: refused.retryAfterMs,
        isSingleCall: refused.singleCall,
      };
}

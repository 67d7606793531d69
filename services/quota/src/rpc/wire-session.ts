import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { Fault } from "@tollgate/kit/fault/fault";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import {
  AcquireLeaseResponseSchema,
  BeatResponseSchema,
  HelloResponseSchema,
  LeaseRecallSchema,
  LeaseRefusalReason,
  SessionFaultSchema,
  ShipResponseSchema,
} from "@tollgate/proto/quota/v1/session_service";
import type {
  AcquireLeaseRequest,
  AcquireLeaseResponse,
  BeatRequest,
  BeatResponse,
  HelloRequest,
  HelloResponse,
  LeaseRecall,
  SessionFault,
  ShipRequest,
  ShipResponse,
} from "@tollgate/proto/quota/v1/session_service";
import { fault } from "#domain/faults.ts";
import type {
  AcquireLeaseInput,
  AcquireLeaseOutcome,
  LeaseRefusal,
} from "#usecases/leases/acquire-lease.ts";
import type { BeatInput, BeatOutcome } from "#usecases/leases/beat.ts";
import type { RecallNotice } from "#usecases/changes.ts";
import type { HelloInput, HelloOutcome } from "#usecases/leases/hello.ts";
import type { ShipInput, ShipOutcome } from "#usecases/settlement/ship-records.ts";
import { unpackRecords } from "./unpack-records.ts";

const journalIdBytes = 16;
const nameCharactersMax = 255;
const buildCharactersMax = 64;
const recordsMax = 1000;
const inventoryMax = 100_000;
const protocolVersion = 2;
const idMax = 2n ** 31n - 1n;

/** Throws SESSION_REQUEST_INVALID. */
export function helloFromWire(request: HelloRequest): HelloInput {
  if (request.protocolVersion !== protocolVersion) {
    throw invalid(
      `protocol version ${request.protocolVersion} is not spoken, only ${protocolVersion}`,
    );
  }
  return {
    ...ownerFromWire(request),
    nodeName: request.nodeName.slice(0, nameCharactersMax),
    build: request.build.slice(0, buildCharactersMax),
  };
}

export function helloToWire(outcome: HelloOutcome): HelloResponse {
  return create(HelloResponseSchema, {
    hwm: BigInt(outcome.hwm),
    databaseTimeline: outcome.databaseTimeline,
    serverClock: timestampFromMs(outcome.serverClockMs),
    currentEpoch: outcome.currentEpoch,
    admissionTtlSeconds: outcome.admissionTtlSeconds,
  });
}

/** Throws SESSION_REQUEST_INVALID. */
export function acquireLeaseFromWire(request: AcquireLeaseRequest): AcquireLeaseInput {
  const { leaseNo, wantNanos, needMinNanos, singleNeedNanos, typicalNanos } = request;
  const amounts = [wantNanos, needMinNanos, singleNeedNanos, typicalNanos];
  if (leaseNo === 0 || amounts.some((amount) => amount < 0n)) {
    throw invalid("a lease needs a number from 1 and amounts of at least 0");
  }
  return {
    ...ownerFromWire(request),
    leaseNo,
    userId: idFromWire(request.userId),
    keyId: idFromWire(request.keyId),
    wantNanos: nanoUsd(wantNanos),
    needMinNanos: nanoUsd(needMinNanos),
    singleNeedNanos: nanoUsd(singleNeedNanos),
    typicalNanos: nanoUsd(typicalNanos),
    reason: request.reason,
  };
}

const refusalReasons = {
  balance: LeaseRefusalReason.BALANCE,
  "key-cap": LeaseRefusalReason.KEY_CAP,
  fenced: LeaseRefusalReason.FENCED,
  revoked: LeaseRefusalReason.REVOKED,
} as const satisfies Readonly<Record<LeaseRefusal, LeaseRefusalReason>>;

export function acquireLeaseToWire(outcome: AcquireLeaseOutcome): AcquireLeaseResponse {
  return create(AcquireLeaseResponseSchema, { outcome: leaseOutcomeToWire(outcome) });
}

type WireLeaseOutcome = NonNullable<MessageInitShape<typeof AcquireLeaseResponseSchema>["outcome"]>;

function leaseOutcomeToWire(outcome: AcquireLeaseOutcome): WireLeaseOutcome {
  switch (outcome.kind) {
    case "granted": {
      const { leaseNo, grantedNanos, isSingleCall } = outcome;
      return { case: "granted", value: { leaseNo, grantedNanos, singleCall: isSingleCall } };
    }
    case "refused": {
      const { leaseNo, reason, availableNanos, retryAfterMs, isSingleCall } = outcome;
      return {
        case: "refused",
        value: {
          leaseNo,
          reason: refusalReasons[reason],
          availableNanos,
          retryAfterMs,
          singleCall: isSingleCall,
        },
      };
    }
  }
}

/** Throws SESSION_REQUEST_INVALID, or RECORD_UNREADABLE for a record that this version does not know. */
export function shipFromWire(request: ShipRequest): ShipInput {
  const fromSeq = Number(request.fromSeq);
  const nextSeq = Number(request.nextSeq);
  const count = nextSeq - fromSeq;
  if (!Number.isSafeInteger(nextSeq) || !(count >= 0 && count <= recordsMax)) {
    throw invalid(`a batch has at most ${recordsMax} records`);
  }
  return {
    ...ownerFromWire(request),
    fromSeq,
    nextSeq,
    records: unpackRecords(request.packedRecords, { fromSeq, nextSeq }),
  };
}

export function shipToWire({ hwm, costMismatches }: ShipOutcome): ShipResponse {
  return create(ShipResponseSchema, { hwm: BigInt(hwm), costMismatches });
}

/** Throws SESSION_REQUEST_INVALID. */
export function beatFromWire(request: BeatRequest): BeatInput {
  if (request.leases.length > inventoryMax) {
    throw invalid(`an inventory has at most ${inventoryMax} leases`);
  }
  return {
    ...ownerFromWire(request),
    acknowledgedSeq: Number(request.acknowledgedSeq),
    resolvedUpTo: request.resolvedUpTo,
    knownLeases: request.leases.map(({ leaseNo, freeNanos, spendRateNanos }) => ({
      leaseNo,
      freeNanos: nanoUsd(freeNanos),
      spendRateNanos: nanoUsd(spendRateNanos),
    })),
  };
}

export function beatToWire(outcome: BeatOutcome): BeatResponse {
  return create(BeatResponseSchema, {
    serverClock: timestampFromMs(outcome.serverClockMs),
    priceBookVersion: BigInt(outcome.priceBookVersion),
    recalls: outcome.recalls.map(recallToWire),
    databaseTimeline: outcome.databaseTimeline,
  });
}

export function recallToWire({ leaseNo, keepNanos }: RecallNotice): LeaseRecall {
  return create(LeaseRecallSchema, { leaseNo, keepNanos });
}

/** What may be told of a failure. */
export function faultToWire({ reason, publicMessage, retryAfterMs }: Fault): SessionFault {
  return create(SessionFaultSchema, {
    reason,
    message: publicMessage,
    retryAfterMs: retryAfterMs ?? 0,
  });
}

function ownerFromWire({
  journalId,
  epoch,
}: {
  readonly journalId: Uint8Array;
  readonly epoch: number;
}): { readonly journalId: Uint8Array; readonly epoch: number } {
  if (journalId.length !== journalIdBytes || epoch === 0) {
    throw invalid("a journal id has 16 bytes, and epochs count from 1");
  }
  return { journalId, epoch };
}

function idFromWire(id: bigint): number {
  if (id < 0n || id > idMax) {
    throw invalid("an id is out of range");
  }
  return Number(id);
}

function invalid(what: string): Fault {
  return fault("SESSION_REQUEST_INVALID", { sentence: `The request is not valid: ${what}.` });
}

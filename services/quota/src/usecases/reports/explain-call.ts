import { formatUuid, uuidV7Time } from "@tollgate/kit/ids/uuid-v7";
import { ZERO } from "@tollgate/kit/money/nano-usd";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { Computation } from "#domain/computation.ts";
import { computationOf } from "#domain/computation.ts";
import { basisMeaning } from "#domain/basis-meaning.ts";
import { fault, isQuotaFault } from "#domain/faults.ts";
import { remainderOf } from "#domain/lease.ts";
import type { PriceBook } from "#domain/price-book.ts";
import { ppmOne } from "#domain/price-book.ts";
import type { SettledCall } from "#domain/settled-call.ts";
import type { LogReader } from "#usecases/identity/identity-ports.ts";
import type { PriceBooks } from "#usecases/prices/price-books.ts";

/** What was given back of a call once. */
export interface CallRefund {
  readonly seq: number;
  readonly amountNanos: NanoUsd;
  readonly reason: string;
  readonly actorId: number;
  readonly createdAtMs: number;
}

/** A lease with its history. */
export interface LeaseAround {
  readonly journalId: Uint8Array;
  readonly epoch: number;
  readonly leaseNo: number;
  readonly keyId: number;
  readonly grantedNanos: NanoUsd;
  readonly settledNanos: NanoUsd;
  readonly returnedNanos: NanoUsd;
  readonly isActive: boolean;
  readonly createdAtMs: number;
  /** 0 = still open. */
  readonly closedAtMs: number;
}

/** The lease that a call's start named. */
export interface PayingLease {
  /** 16 bytes; undefined = no longer known. */
  readonly journalId: Uint8Array | undefined;
  readonly epoch: number;
  readonly leaseNo: number;
  /** What the relay reserved of it for the call. */
  readonly holdNanos: NanoUsd;
  /** What it had no money left for when the call was settled. */
  readonly beyondNanos: NanoUsd;
  /** As it is now; undefined = no longer kept. */
  readonly lease: LeaseAround | undefined;
  /** What is still held for it now. */
  readonly remainderNanos: NanoUsd;
}

/** What surrounds a call, at rest. */
export interface CallSurroundings {
  /** In order, at most `max`. */
  readonly listRefunds: (requestId: Uint8Array, max: number) => Promise<readonly CallRefund[]>;
  /** A user's leases that were open at a moment and could pay for this key, oldest first. */
  readonly listLeases: (query: {
    readonly userId: number;
    readonly keyId: number;
    readonly atMs: number;
    readonly max: number;
  }) => Promise<readonly LeaseAround[]>;
  /** The journal that a settlement applied, and this lease of it, as far as they are kept. */
  readonly findLease: (name: {
    readonly batchId: Uint8Array;
    readonly epoch: number;
    readonly leaseNo: number;
  }) => Promise<{
    readonly journalId: Uint8Array | undefined;
    readonly lease: LeaseAround | undefined;
  }>;
}

/** What {@link createExplainCall} needs. */
export interface ExplainCallPorts {
  readonly log: Pick<LogReader, "search">;
  readonly books: Pick<PriceBooks, "get" | "priceOf">;
  readonly surroundings: CallSurroundings;
}

/** What the price of a call is known to be. */
export type ExplainedPrice =
  | {
      readonly kind: "known";
      readonly effectiveAtMs: number;
      readonly groupPpm: bigint;
      readonly userPpm: bigint;
      readonly computation: Computation;
    }
  /** Its version is no longer stored. */
  | { readonly kind: "version-gone" }
  /** The version has no price for the model: the relay's figure was posted. */
  | { readonly kind: "unpriced"; readonly effectiveAtMs: number };

/** A call and everything that its amount follows from. */
export interface CallExplanation {
  readonly call: SettledCall;
  readonly price: ExplainedPrice;
  /** What the call's basis means, a sentence. */
  readonly basisMeaning: string;
  readonly refunds: readonly CallRefund[];
  /** Undefined for a call that needed none, and for one that was settled before this was kept. */
  readonly payingLease: PayingLease | undefined;
  /** Those of the owner that were open at the start. */
  readonly leases: readonly LeaseAround[];
  readonly settledAtMs: number;
}

/** Explains a call; `userId` undefined = anybody's. Throws CALL_NOT_FOUND. */
export type ExplainCall = (query: {
  readonly requestId: Uint8Array;
  readonly userId: number | undefined;
}) => Promise<CallExplanation>;

const refundsMax = 200;
const leasesMax = 20;

/** Everything is read from what was written when the call was settled; nothing is assumed from today's settings. */
export function createExplainCall(ports: ExplainCallPorts): ExplainCall {
  const { surroundings } = ports;
  return async ({ requestId, userId }) => {
    const call = await findCall(ports, requestId, userId);
    const { keyId, createdAtMs } = call;
    return {
      call,
      price: await explainPrice(ports, call),
      basisMeaning: basisMeaning(call.basis),
      refunds: await surroundings.listRefunds(requestId, refundsMax),
      payingLease: await findPaying(surroundings, call),
      leases: await surroundings.listLeases({
        userId: call.userId,
        keyId,
        atMs: createdAtMs,
        max: leasesMax,
      }),
      settledAtMs: uuidV7Time(call.batchId),
    };
  };
}

async function findCall(
  { log }: ExplainCallPorts,
  requestId: Uint8Array,
  userId: number | undefined,
): Promise<SettledCall> {
  const { rows } = await log.search(
    { requestId, kind: "consume", ...(userId !== undefined && { userId }) },
    { offset: 0, limit: 1, sort: undefined, isDescending: true, keyword: "", hasTotal: false },
  );
  const [row] = rows;
  if (row?.source !== "usage") {
    throw fault("CALL_NOT_FOUND", { metadata: { request_id: formatUuid(requestId) } });
  }
  return row.call;
}

async function findPaying(
  { findLease }: Pick<CallSurroundings, "findLease">,
  { batchId, leaseEpoch: epoch, leaseNo, holdNanos, beyondNanos }: SettledCall,
): Promise<PayingLease | undefined> {
  if (leaseNo === 0) {
    return undefined;
  }
  const { journalId, lease } = await findLease({ batchId, epoch, leaseNo });
  const remainderNanos =
    lease === undefined
      ? ZERO
      : remainderOf({ ...lease, state: lease.isActive ? "active" : "released" });
  return { journalId, epoch, leaseNo, holdNanos, beyondNanos, lease, remainderNanos };
}

async function explainPrice(
  { books }: ExplainCallPorts,
  call: SettledCall,
): Promise<ExplainedPrice> {
  const book = await findBook(books, call.priceVersion);
  if (book === undefined) {
    return { kind: "version-gone" };
  }
  const { effectiveAtMs } = book;
  const price = books.priceOf(call);
  if (price === undefined) {
    return { kind: "unpriced", effectiveAtMs };
  }
  return {
    kind: "known",
    effectiveAtMs,
    groupPpm: book.groupPpm.get(call.group) ?? BigInt(ppmOne),
    userPpm: book.userPpm.get(call.userId) ?? BigInt(ppmOne),
    computation: computationOf(call, price),
  };
}

async function findBook(
  books: Pick<PriceBooks, "get">,
  version: number,
): Promise<PriceBook | undefined> {
  if (version === 0) {
    return undefined;
  }
  try {
    return await books.get(version);
  } catch (error) {
    // Translates: a version that is gone is an answer here.
    if (isQuotaFault("PRICE_VERSION_UNKNOWN", error)) {
      return undefined;
    }
    throw error;
  }
}

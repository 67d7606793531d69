/**
 * Escrow: money moves from available to held under the wallet's lock, and only if it is there. After it a relay admits calls
 * without asking anybody. The journal's row is shared-locked before, so that no lease appears for an epoch that has ended.
 */
import type { Clock } from "@tollgate/kit/clock/clock";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { ZERO, maxNano, minNano } from "@tollgate/kit/money/nano-usd";
import { fault } from "#domain/faults.ts";
import type { LeaseSize } from "#domain/lease.ts";
import { leaseNanosMax, sizeLease } from "#domain/lease.ts";
import type { KeyCap, Wallet } from "#domain/wallet.ts";
import { availableOf, capAvailableOf } from "#domain/wallet.ts";
import type { Changes } from "#usecases/changes.ts";
import type {
  AccountStore,
  JournalStore,
  KeyCapStore,
  LeaseStore,
  WalletStore,
} from "#usecases/money-ports.ts";
import type { Transactions, Tx } from "#usecases/transaction.ts";
import type { RecallLeases } from "./recall-leases.ts";

/** Asks for money of one user. The first three fields name the lease and make the request idempotent. */
export interface AcquireLeaseInput {
  readonly journalId: Uint8Array;
  readonly epoch: number;
  readonly leaseNo: number;
  readonly userId: number;
  /** The capped key to hold the cap of as well; 0 = none. */
  readonly keyId: number;
  readonly wantNanos: NanoUsd;
  readonly needMinNanos: NanoUsd;
  /** What the waiting call needs at the very most: granted instead when little is left; 0 = {@link needMinNanos}. */
  readonly singleNeedNanos: NanoUsd;
  /** The high end of what the user's calls reserve; 0 = not known. */
  readonly typicalNanos: NanoUsd;
  /** As in the proto. */
  readonly reason: number;
}

/** Why no money was set aside. */
export type LeaseRefusal = "balance" | "key-cap" | "fenced" | "revoked";

/** The answer. */
export type AcquireLeaseOutcome =
  | {
      readonly kind: "granted";
      readonly leaseNo: number;
      readonly grantedNanos: NanoUsd;
      /** Little is left, or the user is strict: the lease is for the waiting call and no other. */
      readonly isSingleCall: boolean;
    }
  | {
      readonly kind: "refused";
      readonly leaseNo: number;
      readonly reason: LeaseRefusal;
      /** What could have been granted. */
      readonly availableNanos: NanoUsd;
      /** 0 = another try will not go better by itself. */
      readonly retryAfterMs: number;
      /** Little is left, or the user is strict: more than the least need was asked for. */
      readonly isSingleCall: boolean;
    };

/** What {@link createAcquireLease} needs. */
export interface AcquireLeasePorts {
  readonly transactions: Transactions;
  readonly journals: Pick<JournalStore, "share">;
  readonly leases: Pick<LeaseStore, "find" | "insert" | "countOtherJournals">;
  readonly wallets: Pick<WalletStore, "lock" | "addHeld">;
  readonly caps: Pick<KeyCapStore, "lock" | "addHeld">;
  readonly accounts: Pick<AccountStore, "findPayer">;
  readonly recallLeases: RecallLeases;
  readonly changes: Pick<Changes, "flush">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Moves money from available to held. */
export type AcquireLease = (input: AcquireLeaseInput) => Promise<AcquireLeaseOutcome>;

// What other leases of the user give back by themselves arrives with the next shipments.
const retryAfterMs = 250;
// What is called back takes a push, a record on the other relay's disk and a shipment.
const recalledAfterMs = 100;
const refillReason = 2;

/** Throws JOURNAL_UNKNOWN for an epoch that never said hello. */
export function createAcquireLease(ports: AcquireLeasePorts): AcquireLease {
  return async (input) => {
    let isRecalling = false;
    const outcome = await ports.transactions.run(async (tx) => {
      isRecalling = false;
      const answer = await acquireIn(ports, input, tx);
      if (answer.kind !== "starved") {
        return answer;
      }
      isRecalling = await ports.recallLeases(answer.call, tx);
      const { outcome: refusal } = answer;
      return isRecalling ? { ...refusal, retryAfterMs: recalledAfterMs } : refusal;
    });
    if (isRecalling) {
      await ports.changes.flush();
    }
    return outcome;
  };
}

type Refusal = Extract<AcquireLeaseOutcome, { kind: "refused" }>;

/** A call waits for what other leases may hold. */
interface Starved {
  readonly kind: "starved";
  readonly outcome: Refusal;
  readonly call: Parameters<RecallLeases>[0];
}

async function acquireIn(
  ports: AcquireLeasePorts,
  input: AcquireLeaseInput,
  tx: Tx,
): Promise<AcquireLeaseOutcome | Starved> {
  const { journalId, epoch, leaseNo, userId, keyId } = input;
  const journal = await ports.journals.share(journalId, tx);
  if (journal === undefined || epoch > journal.epoch) {
    throw fault("JOURNAL_UNKNOWN");
  }
  if (epoch < journal.epoch) {
    return refused(input, "fenced", ZERO);
  }
  // Locked before looking for the lease: of two equal requests the second one finds what the first one made.
  const wallet = await ports.wallets.lock(userId, tx);
  const existing = await ports.leases.find(journalId, { epoch, leaseNo }, tx);
  if (existing !== undefined) {
    const { grantedNanos, isSingleCall } = existing;
    return { kind: "granted", leaseNo, grantedNanos, isSingleCall };
  }
  const cap = keyId === 0 ? undefined : await ports.caps.lock(keyId, tx);
  const isOwnCap = keyId === 0 || (cap?.userId === userId && !cap.isClosed);
  const payer = isOwnCap ? await ports.accounts.findPayer(userId, keyId, tx) : undefined;
  if (wallet === undefined || payer === undefined) {
    return refused(input, "revoked", ZERO);
  }
  const { isStrict } = payer;
  return grant(ports, {
    input,
    wallet,
    isStrict,
    cap: cap?.isCapped === true ? cap : undefined,
    tx,
  });
}

interface GrantContext {
  readonly input: AcquireLeaseInput;
  readonly wallet: Wallet;
  /** The user's calls reserve one by one. */
  readonly isStrict: boolean;
  /** Undefined = nothing is held on a cap. */
  readonly cap: KeyCap | undefined;
  readonly tx: Tx;
}

async function grant(
  ports: AcquireLeasePorts,
  context: GrantContext,
): Promise<AcquireLeaseOutcome | Starved> {
  const { input, wallet, isStrict, cap, tx } = context;
  const { journalId, epoch, leaseNo, userId, reason } = input;
  const walletNanos = availableOf(wallet);
  const availableNanos =
    cap === undefined ? walletNanos : minNano(walletNanos, capAvailableOf(cap));
  const size = sizeLease({
    wantNanos: input.wantNanos,
    needMinNanos: input.needMinNanos,
    availableNanos,
    relays: 1 + (await ports.leases.countOtherJournals(userId, journalId, tx)),
    singleNeedNanos: maxNano(input.singleNeedNanos, input.needMinNanos),
    typicalNanos: input.typicalNanos,
    isCallWaiting: reason !== refillReason,
    isStrict,
  });
  const { grantedNanos, isSingleCall } = size;
  if (grantedNanos === undefined) {
    return refuseGrant(context, availableNanos, size);
  }
  const keyId = cap?.keyId ?? 0;
  const createdAtMs = ports.clock.nowMs();
  await ports.leases.insert(
    { journalId, epoch, leaseNo, userId, keyId, grantedNanos, isSingleCall, reason, createdAtMs },
    tx,
  );
  await ports.wallets.addHeld(userId, grantedNanos, tx);
  if (keyId !== 0) {
    await ports.caps.addHeld(keyId, grantedNanos, tx);
  }
  return { kind: "granted", leaseNo, grantedNanos, isSingleCall };
}

function refuseGrant(
  { input, wallet, cap }: GrantContext,
  availableNanos: NanoUsd,
  { isSingleCall }: LeaseSize,
): Refusal | Starved {
  const { journalId, userId, keyId, wantNanos } = input;
  const needNanos = isSingleCall
    ? maxNano(input.singleNeedNanos, input.needMinNanos)
    : input.needMinNanos;
  const walletNanos = availableOf(wallet);
  const isCapInTheWay = availableNanos < walletNanos && walletNanos >= needNanos;
  const heldNanos = isCapInTheWay ? (cap?.heldNanos ?? ZERO) : wallet.heldNanos;
  const isHeldElsewhere = heldNanos > 0n;
  const outcome: Refusal = {
    ...refused(input, isCapInTheWay ? "key-cap" : "balance", availableNanos),
    retryAfterMs: isHeldElsewhere ? retryAfterMs : 0,
    isSingleCall,
  };
  const isStarved = isHeldElsewhere && input.reason !== refillReason;
  const amounts = { availableNanos, needNanos, wantNanos };
  const call = { journalId, userId, keyId, isCapInTheWay, ...amounts };
  return isStarved ? { kind: "starved", outcome, call } : outcome;
}

function refused(
  { leaseNo }: AcquireLeaseInput,
  reason: LeaseRefusal,
  availableNanos: NanoUsd,
): Refusal {
  const grantable = minNano(maxNano(availableNanos, ZERO), leaseNanosMax);
  return {
    kind: "refused",
    leaseNo,
    reason,
    availableNanos: grantable,
    retryAfterMs: 0,
    isSingleCall: false,
  };
}

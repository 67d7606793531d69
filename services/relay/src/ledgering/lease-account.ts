import type { Timer } from "@tollgate/kit/clock/clock";
import type { Lease } from "#ledgering/lease.ts";
import { freeOf } from "#ledgering/lease.ts";

/** Whose money pays. */
export interface Payer {
  readonly userId: number;
  /** The capped key whose cap is held as well; 0 = any uncapped key of the user. */
  readonly keyId: number;
}

export type RefusalReason = "balance" | "key-cap" | "revoked";

export type ReserveOutcome =
  | { readonly kind: "reserved"; readonly lease: Lease }
  | { readonly kind: "refused"; readonly reason: RefusalReason; readonly availableNanos: bigint }
  | { readonly kind: "unavailable" };

export type AcquireReason = "first" | "refill" | "starved";

export interface AcquireRequest extends Payer {
  readonly leaseNo: number;
  readonly wantNanos: number;
  readonly needMinNanos: number;
  readonly reason: AcquireReason;
}

export type AcquireOutcome =
  | { readonly kind: "granted"; readonly grantedNanos: bigint }
  | {
      readonly kind: "refused";
      readonly reason: RefusalReason;
      readonly availableNanos: bigint;
      readonly retryAfterMs: number;
    };

/** One lease as it is told to quota. */
export interface LeaseState {
  readonly leaseNo: number;
  readonly freeNanos: number;
  readonly spendRateNanos: number;
  readonly openCalls: number;
}

/** A call that waits for money. */
export interface Waiter {
  readonly estimate: number;
  readonly answer: (outcome: ReserveOutcome) => void;
  timer: Timer | undefined;
}

/** The leases of one payer on this relay. */
export interface LeaseAccount extends Payer {
  current: Lease | undefined;
  isAcquiring: boolean;
  waiters: Waiter[];
  /** Nano-USD per second, averaged with a half-life of 30 s. */
  spendRate: number;
  spentSinceTick: number;
  refillNotBeforeMs: number;
}

export function openAccount({ userId, keyId }: Payer): LeaseAccount {
  return {
    userId,
    keyId,
    current: undefined,
    isAcquiring: false,
    waiters: [],
    spendRate: 0,
    spentSinceTick: 0,
    refillNotBeforeMs: 0,
  };
}

/** Gives every waiter the same answer. */
export function answerAll(account: LeaseAccount, outcome: ReserveOutcome): void {
  const { waiters } = account;
  account.waiters = [];
  for (const waiter of waiters) {
    waiter.timer?.cancel();
    waiter.answer(outcome);
  }
}

const wantSeconds = 10;

/** What to ask quota for: ten seconds of spending, and twice what waits and runs, so that questions stay rare. */
export function describeWant(account: LeaseAccount): {
  readonly wantNanos: number;
  readonly needMinNanos: number;
} {
  // The queue is served in order, so its head sets what is of any use.
  const needMinNanos = account.waiters[0]?.estimate ?? 1;
  let waiting = 0;
  for (const waiter of account.waiters) {
    waiting += waiter.estimate;
  }
  const inFlight = account.current?.reserved ?? 0;
  const want = Math.ceil(spendRateOf(account) * wantSeconds) + 2 * (waiting + inFlight);
  const wantNanos = Math.min(Math.max(want, needMinNanos), Number.MAX_SAFE_INTEGER);
  return { wantNanos, needMinNanos };
}

/** Nano-USD per second; a burst counts at once, not only after the average has followed. */
export function spendRateOf(account: LeaseAccount): number {
  return Math.max(account.spendRate, account.spentSinceTick);
}

const idleMs = 30_000;

/** Nobody has used the lease for half a minute. */
export function isIdle(lease: Lease | undefined, nowMs: number): boolean {
  return lease !== undefined && lease.openCalls === 0 && nowMs - lease.usedAtMs > idleMs;
}

/** The account holds nothing that would have to be remembered. */
export function isUnused(account: LeaseAccount): boolean {
  return (
    account.current === undefined &&
    !account.isAcquiring &&
    account.waiters.length === 0 &&
    account.spendRate < 1
  );
}

export function describeLease(lease: Lease, account: LeaseAccount): LeaseState {
  return {
    leaseNo: lease.leaseNo,
    freeNanos: lease.releasedSeq < 0 ? Math.max(0, freeOf(lease)) : 0,
    spendRateNanos: Math.round(account.spendRate),
    openCalls: lease.openCalls,
  };
}

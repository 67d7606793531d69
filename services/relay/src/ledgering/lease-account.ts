import type { Timer } from "@tollgate/kit/clock/clock";
import type { AcquireRequest, Payer } from "#ledgering/acquire-request.ts";
import type { Lease } from "#ledgering/lease.ts";
import { freeOf } from "#ledgering/lease.ts";
import type { Waiter } from "#ledgering/waiter.ts";

/** One lease as it is told to quota. */
export interface LeaseState {
  readonly leaseNo: number;
  readonly freeNanos: number;
  readonly spendRateNanos: number;
  readonly openCalls: number;
}

/** The leases of one payer on this relay. */
export interface LeaseAccount extends Payer {
  current: Lease | undefined;
  isAcquiring: boolean;
  /** Set while quota is to be asked again a moment later. */
  retryTimer: Timer | undefined;
  waiters: Waiter[];
  /** Nano-USD per second, averaged with a half-life of 30 s. */
  spendRate: number;
  spentSinceTick: number;
  /** The largest estimate of late; it halves in 30 s. */
  highEstimate: number;
  refillNotBeforeMs: number;
  shrinkNotBeforeMs: number;
  /** Grows when what quota was asked before must not be relied on any more. */
  revocations: number;
}

export function openAccount({ userId, keyId }: Payer): LeaseAccount {
  return {
    userId,
    keyId,
    current: undefined,
    isAcquiring: false,
    retryTimer: undefined,
    waiters: [],
    spendRate: 0,
    spentSinceTick: 0,
    highEstimate: 0,
    refillNotBeforeMs: 0,
    shrinkNotBeforeMs: 0,
    revocations: 0,
  };
}

const wantSeconds = 10;

/** What to ask quota for: ten seconds of spending, and twice what waits and runs, so that questions stay rare. */
export function describeWant(
  account: LeaseAccount,
): Pick<AcquireRequest, "wantNanos" | "needMinNanos" | "singleNeedNanos" | "typicalNanos"> {
  // The queue is served in order, so its head sets what is of any use.
  const [head] = account.waiters;
  const needMinNanos = head?.estimate ?? 1;
  let waiting = 0;
  for (const waiter of account.waiters) {
    waiting += waiter.estimate;
  }
  const inFlight = account.current?.reserved ?? 0;
  const want = Math.ceil(spendRateOf(account) * wantSeconds) + 2 * (waiting + inFlight);
  return {
    wantNanos: Math.min(Math.max(want, needMinNanos), Number.MAX_SAFE_INTEGER),
    needMinNanos,
    singleNeedNanos: head?.estimateMax ?? 0,
    typicalNanos: Math.ceil(account.highEstimate),
  };
}

/** Nano-USD per second; a burst counts at once, not only after the average has followed. */
function spendRateOf(account: LeaseAccount): number {
  return Math.max(account.spendRate, account.spentSinceTick);
}

const refillShare = 0.3;
const refillSeconds = 3;

/** Less is free than 30 % of the lease or three seconds of spending, whichever is more. */
export function isLow(account: LeaseAccount, lease: Lease): boolean {
  const floor = Math.max(lease.granted * refillShare, spendRateOf(account) * refillSeconds);
  return freeOf(lease) < floor;
}

const idleMs = 30_000;

/** Nobody has used the lease for half a minute. */
export function isIdle(lease: Lease | undefined, nowMs: number): boolean {
  return lease !== undefined && lease.openCalls === 0 && nowMs - lease.usedAtMs > idleMs;
}

const shrinkFactor = 4;

/** What of the lease at hand is far beyond what ten seconds and two large calls can take; 0 = nothing worth a record. */
export function surplusOf(account: LeaseAccount): number {
  if (account.current === undefined) {
    return 0;
  }
  const needed = Math.ceil(spendRateOf(account) * wantSeconds + 2 * account.highEstimate);
  const free = freeOf(account.current);
  return free > shrinkFactor * needed ? free - 2 * needed : 0;
}

/** One more second has passed, of which `decay` says how much of the past still counts. */
export function decayAccount(account: LeaseAccount, decay: number): void {
  account.spendRate = account.spendRate * decay + account.spentSinceTick * (1 - decay);
  account.spentSinceTick = 0;
  account.highEstimate *= decay;
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

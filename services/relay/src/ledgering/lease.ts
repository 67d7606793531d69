import assert from "node:assert/strict";

/**
 * Money that quota set aside for this relay to spend. Amounts are nano-USD as numbers: a lease is far below 2^53 nano-USD
 * (nine million dollars), and {@link openLease} asserts it.
 */
export interface Lease {
  readonly leaseNo: number;
  readonly userId: number;
  /** 0 = any uncapped key. */
  readonly keyId: number;
  /** Set aside, less what was given back. */
  granted: number;
  /** Spent by calls that have ended. */
  used: number;
  /** Estimates of the calls that run. */
  reserved: number;
  openCalls: number;
  /** A newer lease took its place, or it is being given back: it serves no new call. */
  isDraining: boolean;
  /** Sequence number of its release record; -1 = not released. */
  releasedSeq: number;
  /** Monotonic time of the last reservation or settlement. */
  usedAtMs: number;
  /** Reservations on newer leases that cover calls of this one; `undefined` = there are none. */
  backings: LeaseBacking[] | undefined;
}

/** Money of a newer lease that a call of an older one may spend, see `lease-extension.ts`. */
export interface LeaseBacking {
  readonly lease: Lease;
  readonly nanos: number;
}

export function openLease(options: {
  readonly leaseNo: number;
  readonly userId: number;
  readonly keyId: number;
  readonly grantedNanos: bigint;
  readonly nowMs: number;
}): Lease {
  const granted = Number(options.grantedNanos);
  assert(Number.isSafeInteger(granted) && granted >= 0, "a lease must stay below 2^53 nano-USD");
  return {
    leaseNo: options.leaseNo,
    userId: options.userId,
    keyId: options.keyId,
    granted,
    used: 0,
    reserved: 0,
    openCalls: 0,
    isDraining: false,
    releasedSeq: -1,
    usedAtMs: options.nowMs,
    backings: undefined,
  };
}

/** What a new call may still reserve; negative when calls cost more than they had reserved. */
export function freeOf(lease: Lease): number {
  return lease.granted - lease.used - lease.reserved;
}

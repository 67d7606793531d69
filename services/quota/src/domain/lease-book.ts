/**
 * The leases that one batch touches, and what leaves `held` because of it. What leaves is never more than a lease's remainder, so
 * `held` stays the sum of the remainders, of every wallet and of every cap.
 */
import { ZERO, maxNano, minNano, nanoUsd, subtractNano } from "@tollgate/kit/money/nano-usd";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { Lease } from "./lease.ts";
import { remainderOf } from "./lease.ts";

/** Changes leases and remembers which. */
export interface LeaseBook {
  /** Posts a cost. */
  readonly settle: (name: LeaseName, costNanos: NanoUsd) => LeasePayment;
  /** Gives the remainder back. Does nothing for a closed or unknown lease. */
  readonly release: (name: LeaseName) => void;
  /** Gives a part back, at most the remainder. */
  readonly giveBack: (name: LeaseName, amountNanos: NanoUsd) => void;
  /** Releases the leases of all lower epochs. */
  readonly endEpochsBelow: (epoch: number) => void;
  /** The changed leases, in the order of their names. */
  readonly changes: () => readonly LeaseChange[];
}

/** How a lease paid for a call. */
export interface LeasePayment {
  /** It is closed or unknown, so that nothing was held for the call. */
  readonly isLate: boolean;
  /** What it had no money left for. */
  readonly beyondNanos: NanoUsd;
}

/** A lease afterwards, and what was added to it. */
export interface LeaseChange {
  readonly lease: Lease;
  readonly settledNanos: bigint;
  readonly returnedNanos: bigint;
  readonly isReleased: boolean;
}

/** A lease within its journal; number 0 is none. */
export type LeaseName = Pick<Lease, "epoch" | "leaseNo">;

/** Hears of every amount that leaves `held`. */
export type HeldListener = (lease: Lease, amountNanos: NanoUsd) => void;

/** The name of a lease as a key of maps. */
export type LeaseKey = number | string;

// Up to here an epoch and a number of 32 bits fit an exact number together.
const packedEpochMax = 2 ** 21;
const leaseNoSpan = 2 ** 32;

/** A key that is unique among all leases of a journal. */
export function leaseKey({ epoch, leaseNo }: LeaseName): LeaseKey {
  return epoch < packedEpochMax ? epoch * leaseNoSpan + leaseNo : `${epoch}/${leaseNo}`;
}

/** A lease while its batch is settled. Changed in place: this happens for every call. */
interface OpenLease extends Lease {
  readonly before: Lease;
  settledNanos: NanoUsd;
  returnedNanos: NanoUsd;
  state: Lease["state"];
  isChanged: boolean;
}

/** Opens a book over leases as the database has them. */
export function createLeaseBook(
  stored: ReadonlyMap<LeaseKey, Lease>,
  onUnheld: HeldListener,
): LeaseBook {
  const leases = openAll(stored);
  const find = (name: LeaseName): OpenLease | undefined => leases.get(leaseKey(name));

  function unhold(lease: OpenLease, amountNanos: NanoUsd): void {
    lease.isChanged = true;
    if (amountNanos > 0n) {
      onUnheld(lease, amountNanos);
    }
  }

  function close(lease: OpenLease): void {
    if (lease.state === "active") {
      const remainder = remainderOf(lease);
      lease.state = "released";
      unhold(lease, remainder);
    }
  }

  return {
    settle(name, costNanos) {
      const lease = find(name);
      if (lease === undefined) {
        return unpaid(name, costNanos);
      }
      const unheld = minNano(costNanos, remainderOf(lease));
      lease.settledNanos = nanoUsd(lease.settledNanos + costNanos);
      unhold(lease, unheld);
      return { isLate: lease.state !== "active", beyondNanos: subtractNano(costNanos, unheld) };
    },
    release(name) {
      const lease = find(name);
      if (lease !== undefined) {
        close(lease);
      }
    },
    giveBack(name, amountNanos) {
      const lease = find(name);
      if (lease !== undefined) {
        const amount = minNano(maxNano(amountNanos, ZERO), remainderOf(lease));
        lease.returnedNanos = nanoUsd(lease.returnedNanos + amount);
        unhold(lease, amount);
      }
    },
    endEpochsBelow(epoch) {
      for (const lease of leases.values()) {
        if (lease.epoch < epoch) {
          close(lease);
        }
      }
    },
    changes: () => changesOf(leases.values()),
  };
}

function changesOf(leases: Iterable<OpenLease>): readonly LeaseChange[] {
  return [...leases]
    .filter(({ isChanged }) => isChanged)
    .map(differenceOf)
    .sort(byName);
}

/** Nothing was held for the call, because its lease is not there or because it needed none. */
function unpaid({ leaseNo }: LeaseName, costNanos: NanoUsd): LeasePayment {
  return leaseNo === 0
    ? { isLate: false, beyondNanos: ZERO }
    : { isLate: true, beyondNanos: costNanos };
}

function openAll(stored: ReadonlyMap<LeaseKey, Lease>): ReadonlyMap<LeaseKey, OpenLease> {
  const leases = new Map<LeaseKey, OpenLease>();
  for (const [key, lease] of stored) {
    leases.set(key, { ...lease, before: lease, isChanged: false });
  }
  return leases;
}

function differenceOf(lease: OpenLease): LeaseChange {
  const { before } = lease;
  return {
    lease,
    settledNanos: lease.settledNanos - before.settledNanos,
    returnedNanos: lease.returnedNanos - before.returnedNanos,
    isReleased: before.state !== lease.state,
  };
}

function byName({ lease: left }: LeaseChange, { lease: right }: LeaseChange): number {
  return left.epoch - right.epoch || left.leaseNo - right.leaseNo;
}

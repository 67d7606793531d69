/**
 * The leases that one batch touches, and what leaves `held` because of it. What leaves is never more than a lease's remainder, so
 * `held` stays the sum of the remainders, of every wallet and of every cap.
 */
import { ZERO, maxNano, minNano, nanoUsd } from "@tollgate/kit/money/nano-usd";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { Lease } from "./lease.ts";
import { remainderOf } from "./lease.ts";

/** Changes leases and remembers which. */
export interface LeaseBook {
  /** Posts a cost; true = the lease is closed or unknown, so that nothing was held for it. */
  readonly settle: (name: LeaseName, costNanos: NanoUsd) => boolean;
  /** Gives the remainder back. Does nothing for a closed or unknown lease. */
  readonly release: (name: LeaseName) => void;
  /** Gives a part back, at most the remainder. */
  readonly giveBack: (name: LeaseName, amountNanos: NanoUsd) => void;
  /** Releases the leases of all lower epochs. */
  readonly endEpochsBelow: (epoch: number) => void;
  /** The changed leases, in the order of their names. */
  readonly changes: () => readonly LeaseChange[];
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
export function leaseKey({ epoch, leaseNo }: LeaseName): string {
  return `${epoch}/${leaseNo}`;
}

/** Opens a book over leases as the database has them. */
export function createLeaseBook(
  stored: ReadonlyMap<string, Lease>,
  onUnheld: HeldListener,
): LeaseBook {
  const leases = new Map(stored);
  const changedKeys = new Set<string>();

  function change(lease: Lease, after: Lease, unheldNanos: NanoUsd): void {
    const key = leaseKey(lease);
    leases.set(key, after);
    changedKeys.add(key);
    if (unheldNanos > 0n) {
      onUnheld(lease, unheldNanos);
    }
  }

  function close(lease: Lease): void {
    if (lease.state === "active") {
      change(lease, { ...lease, state: "released" }, remainderOf(lease));
    }
  }

  return {
    settle(name, costNanos) {
      const lease = leases.get(leaseKey(name));
      if (lease === undefined) {
        return name.leaseNo !== 0;
      }
      const settledNanos = nanoUsd(lease.settledNanos + costNanos);
      change(lease, { ...lease, settledNanos }, minNano(costNanos, remainderOf(lease)));
      return lease.state !== "active";
    },
    release(name) {
      const lease = leases.get(leaseKey(name));
      if (lease !== undefined) {
        close(lease);
      }
    },
    giveBack(name, amountNanos) {
      const lease = leases.get(leaseKey(name));
      if (lease !== undefined) {
        const amount = minNano(maxNano(amountNanos, ZERO), remainderOf(lease));
        const returnedNanos = nanoUsd(lease.returnedNanos + amount);
        change(lease, { ...lease, returnedNanos }, amount);
      }
    },
    endEpochsBelow(epoch) {
      for (const lease of leases.values()) {
        if (lease.epoch < epoch) {
          close(lease);
        }
      }
    },
    changes: () =>
      [...changedKeys]
        .map((key) => differenceOf(stored.get(key), leases.get(key)))
        .filter((difference) => difference !== undefined)
        .sort(byName),
  };
}

function differenceOf(
  before: Lease | undefined,
  after: Lease | undefined,
): LeaseChange | undefined {
  return before === undefined || after === undefined
    ? undefined
    : {
        lease: after,
        settledNanos: after.settledNanos - before.settledNanos,
        returnedNanos: after.returnedNanos - before.returnedNanos,
        isReleased: before.state !== after.state,
      };
}

function byName({ lease: left }: LeaseChange, { lease: right }: LeaseChange): number {
  return left.epoch - right.epoch || left.leaseNo - right.leaseNo;
}

/**
 * A call that runs may reserve more than it began with. Its START names one lease, and that lease pays: what is reserved on a newer
 * lease only backs it. Quota posts the cost against the named lease and, beyond its remainder, against the wallet; as much as that
 * is given back from the newer lease afterwards, in the same journal. So money that pays is held until it has paid.
 */
import type { LeaseBook } from "#ledgering/lease-book.ts";
import type { LeaseReturnPorts } from "#ledgering/lease-return.ts";
import { giveBack } from "#ledgering/lease-return.ts";
import type { Lease } from "#ledgering/lease.ts";

/** What {@link settleExtended} works with. */
export interface LeaseExtensionPorts {
  readonly leases: Pick<LeaseBook, "settle">;
  readonly journal: LeaseReturnPorts;
}

/**
 * Joins a second reservation of a call to its first one. Answers by how much the call's reservation on its own lease has grown: all of
 * it, or nothing where another lease holds it.
 */
export function joinReservation(own: Lease, from: Lease, nanos: number): number {
  if (from === own) {
    // Both are of one call.
    own.openCalls -= 1;
    return nanos;
  }
  own.backings ??= [];
  own.backings.push({ lease: from, nanos });
  return 0;
}

/** The call has ended and its END record is in the journal. Lets go of what backed the lease when its last call has ended. */
export function settleExtended(
  ports: LeaseExtensionPorts,
  lease: Lease,
  money: { readonly reservedNanos: number; readonly costNanos: number },
): void {
  ports.leases.settle(lease, money.reservedNanos, money.costNanos);
  if (lease.backings !== undefined && lease.releasedSeq >= 0) {
    releaseBackings(ports, lease, lease.backings);
  }
}

function releaseBackings(
  ports: LeaseExtensionPorts,
  lease: Lease,
  backings: NonNullable<Lease["backings"]>,
): void {
  lease.backings = undefined;
  let debt = Math.max(0, lease.used - lease.granted);
  for (const backing of backings) {
    const paid = Math.min(debt, backing.nanos);
    debt -= paid;
    giveBack(ports.journal, backing.lease, paid);
    settleExtended(ports, backing.lease, { reservedNanos: backing.nanos, costNanos: 0 });
  }
}

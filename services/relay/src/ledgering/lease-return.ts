import type { RecordContent } from "#ledgering/encode-record.ts";
import type { Lease } from "#ledgering/lease.ts";

/** Where the records of returned money go. */
export interface LeaseReturnPorts {
  readonly epoch: number;
  /** Takes a record for the journal; answers its sequence number. */
  readonly append: (content: RecordContent) => number;
}

/** Gives a part of a lease back; answers the number of the record, -1 = there was nothing to give. */
export function giveBack(
  { epoch, append }: LeaseReturnPorts,
  lease: Lease,
  amount: number,
): number {
  if (amount <= 0) {
    return -1;
  }
  lease.granted -= amount;
  return append({ kind: "returned", epoch, leaseNo: lease.leaseNo, amountNanos: amount });
}

/** Gives the rest of a lease back when no call holds money of it; answers the number of the record, -1 = not yet. */
export function releaseIfEmpty({ epoch, append }: LeaseReturnPorts, lease: Lease): number {
  if (lease.openCalls === 0 && lease.releasedSeq < 0) {
    lease.releasedSeq = append({ kind: "released", epoch, leaseNo: lease.leaseNo });
  }
  return lease.releasedSeq;
}

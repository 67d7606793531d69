import type { ServiceImpl } from "@connectrpc/connect";
import type { LeaseService } from "@tollgate/proto/quota/v1/lease_service";
import { fault } from "#domain/faults.ts";
import { remainderOf } from "#domain/lease.ts";
import { checkListRange } from "#domain/list-range.ts";
import type { ForceClose } from "#usecases/leases/force-close.ts";
import type { JournalDesk, JournalOverview } from "#usecases/leases/lease-ports.ts";
import type { LeaseStore, OwnedLease } from "#usecases/money-ports.ts";
import { listRangeFromWire } from "./wire-list.ts";

/** The use cases behind `LeaseService`; reading needs no rules of its own. */
export interface LeaseUseCases {
  readonly desk: Pick<JournalDesk, "list">;
  readonly leases: Pick<LeaseStore, "activeOfJournal">;
  readonly forceClose: ForceClose;
}

const leasesMax = 1000;
const journalIdBytes = 16;

/** `LeaseService`, one function per RPC. */
export function createLeaseHandlers(useCases: LeaseUseCases): ServiceImpl<typeof LeaseService> {
  const { desk, leases, forceClose } = useCases;
  return {
    listJournals: async ({ range }) => {
      const { rows, total } = await desk.list(checkListRange(listRangeFromWire(range), []));
      return { journals: rows.map(journalToWire), total: BigInt(total) };
    },
    listLeases: async ({ journalId }) => {
      const held = await leases.activeOfJournal(checkJournalId(journalId), leasesMax);
      return { leases: held.map(leaseToWire) };
    },
    forceCloseJournal: async ({ journalId }) => forceClose(checkJournalId(journalId)),
  };
}

function checkJournalId(journalId: Uint8Array): Uint8Array {
  if (journalId.length !== journalIdBytes) {
    throw fault("JOURNAL_NOT_FOUND");
  }
  return journalId;
}

function journalToWire(journal: JournalOverview) {
  return {
    ...journal,
    hwm: BigInt(journal.hwm),
    lastSeenMs: BigInt(journal.lastSeenMs),
    forceClosedAtMs: BigInt(journal.forceClosedAtMs),
  };
}

function leaseToWire(lease: OwnedLease) {
  return {
    epoch: lease.epoch,
    leaseNo: lease.leaseNo,
    userId: BigInt(lease.userId),
    keyId: BigInt(lease.keyId),
    grantedNanos: lease.grantedNanos,
    heldNanos: remainderOf(lease),
    createdAtMs: BigInt(lease.createdAtMs),
  };
}

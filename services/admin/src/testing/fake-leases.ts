import type { ConnectRouter } from "@connectrpc/connect";
import { LeaseService } from "@tollgate/proto/quota/v1/lease_service";
import { fakeFaults } from "./fake-faults.ts";

/** Journals of relays in memory. */
export interface FakeLeases {
  /** UUIDs of the closed ones, 16 bytes each. */
  readonly closed: Uint8Array[];
  routes(router: ConnectRouter): void;
}

/** One journal that holds one lease; all bytes of its id are 7. */
export function createFakeLeases(): FakeLeases {
  const journalId = new Uint8Array(16).fill(7);
  const closed: Uint8Array[] = [];
  return {
    closed,
    routes(router) {
      router.service(LeaseService, {
        listJournals: () => ({
          journals: [
            {
              journalId,
              nodeName: "relay-1",
              build: "1",
              epoch: 3,
              hwm: 40n,
              lastSeenMs: 1_700_000_000_000n,
              leaseCount: 1,
              heldNanos: 9_007_199_254_740_993n,
              openCalls: 2,
            },
          ],
          total: 1n,
        }),
        listLeases: () => ({
          leases: [{ epoch: 3, leaseNo: 5, userId: 8n, grantedNanos: 10n, heldNanos: 7n }],
        }),
        forceCloseJournal(request) {
          if (Buffer.compare(request.journalId, journalId) !== 0) {
            throw fakeFaults.fault("JOURNAL_NOT_FOUND");
          }
          closed.push(request.journalId);
          return { billedCalls: 2, costNanos: 3n, releasedLeases: 1, releasedNanos: 4n };
        },
      });
    },
  };
}

/** Rules of the relay, taken away one at a time. */
import type { LeaseBook } from "../../services/relay/src/ledgering/lease-book.ts";
import type { Lease } from "../../services/relay/src/ledgering/lease.ts";
import type { Mutant, SessionServiceClient } from "./mutant.ts";

/** The upstream is asked although nothing says so on the disk. */
export function noStart(): Mutant {
  return {
    name: "no-start",
    changeJournal: (journal) => ({
      ...journal,
      append: (content) =>
        content.kind === "started" ? journal.nextSeq() - 1 : journal.append(content),
    }),
  };
}

/** The client is told the end before the bill is written. */
export function endAfterAnswer(): Mutant {
  return { name: "end-after-answer", endsFirst: true };
}

/** Nobody waits for the disk: what is said to be synced is not. */
export function syncLies(): Mutant {
  return {
    name: "sync-lies",
    wish: { faultWeights: { "power-cut": 10 } },
    changeFiles: (files) => ({
      ...files,
      fdatasync: (_file, done) => {
        setImmediate(() => done(null));
      },
    }),
  };
}

/** What a killed process had written counts as durable at once. */
export function replayWithoutSync(): Mutant {
  return {
    name: "replay-without-sync",
    // Much is under way to the disk when a process is killed, and soon afterwards the power fails.
    wish: {
      relays: 1,
      disk: { slowSync: 0.3 },
      faultWeights: {
        "power-cut": 10,
        "kill-relay": 10,
        block: 0,
        "kill-quota": 0,
        "break-session": 0,
        "break-database": 0,
        "fail-over": 0,
        "sync-error": 0,
        "disk-full": 0,
      },
    },
    changeFiles: (files) => ({
      ...files,
      open: async (path, flags, mode) => {
        const file = await files.open(path, flags, mode);
        return flags === "r+" ? { ...file, sync: async () => undefined } : file;
      },
    }),
  };
}

/** What running calls have reserved counts as free. */
export function ignoreReservations(): Mutant {
  return {
    name: "ignore-reservations",
    changeLeases: (leases) => ({
      tryReserve: (payer, estimate) => {
        const lease = leases.tryReserve(payer, estimate);
        return lease === undefined ? undefined : uncount(lease, estimate);
      },
      reserve: async (payer, need) => {
        const outcome = await leases.reserve(payer, need);
        if (outcome.kind === "reserved") {
          uncount(outcome.lease, outcome.reservedNanos);
        }
        return outcome;
      },
      settle: (lease, reserved, cost) => leases.settle(uncount(lease, -reserved), reserved, cost),
    }),
  };
}

function uncount(lease: Lease, nanos: number): Lease {
  lease.reserved -= nanos;
  return lease;
}

const trustedNanos = 5_000_000;

/** Who has a large lease needs no reservation. */
export function trustLargeLeases(): Mutant {
  const known = new WeakMap<LeaseBook, Map<string, Lease>>();
  return {
    name: "trust-large-leases",
    changeLeases: (leases) => {
      const ofBook = known.get(leases) ?? new Map<string, Lease>();
      known.set(leases, ofBook);
      return {
        tryReserve: (payer, estimate) => {
          const key = `${payer.userId}/${payer.keyId}`;
          const lease = leases.tryReserve(payer, estimate) ?? trusted(ofBook.get(key), estimate);
          if (lease !== undefined) {
            ofBook.set(key, lease);
          }
          return lease;
        },
        reserve: async (payer, need) => leases.reserve(payer, need),
        settle: (lease, reserved, cost) => leases.settle(lease, reserved, cost),
      };
    },
  };
}

function trusted(lease: Lease | undefined, estimate: number): Lease | undefined {
  if (lease === undefined || lease.isDraining || lease.granted < trustedNanos) {
    return undefined;
  }
  lease.reserved += estimate;
  lease.openCalls += 1;
  return lease;
}

/** A mark that goes backwards is not obeyed, as if what was acknowledged were gone. */
export function forgetAcknowledged(): Mutant {
  return {
    name: "forget-acknowledged",
    wish: { faultWeights: { "fail-over": 10 } },
    changeClient: (client) => {
      let highest = 0n;
      const raise = (answer: { hwm: bigint }): void => {
        highest = answer.hwm > highest ? answer.hwm : highest;
        answer.hwm = highest;
      };
      return {
        ...client,
        session: (requests, options) => raiseMarks(client.session(requests, options), raise),
      };
    },
  };
}

async function* raiseMarks(
  answers: ReturnType<SessionServiceClient["session"]>,
  raise: (answer: { hwm: bigint }) => void,
): ReturnType<SessionServiceClient["session"]> {
  for await (const answer of answers) {
    if (answer.body.case === "hello" || answer.body.case === "ship") {
      raise(answer.body.value);
    }
    yield answer;
  }
}

/** Quota never learns which grants did not arrive. */
export function noInventory(): Mutant {
  return {
    name: "no-inventory",
    wish: { network: { copied: 0.1, arrivesLate: 1 } },
    changeEvents: (events) => ({
      ...events,
      inventory: () => ({ ...events.inventory(), resolvedUpTo: 0 }),
    }),
  };
}

/** The inventory leaves a lease out as soon as its release is written, not when it is applied. */
export function inventoryForgetsReleased(): Mutant {
  return {
    name: "inventory-forgets-released",
    changeEvents: (events, mirror) => ({
      ...events,
      inventory: () => {
        const { resolvedUpTo, leases } = events.inventory();
        const open = leases.filter(({ leaseNo }) => !mirror.isReleased(leaseNo));
        return { resolvedUpTo, leases: open };
      },
    }),
  };
}

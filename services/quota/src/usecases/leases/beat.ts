/**
 * Beat: a relay says which leases it knows. One that it has resolved and does not know was granted in an answer that never arrived,
 * so its money comes back. A lease whose release is written but not yet applied is still known, or money that is spent already
 * would come back.
 */
import type { Clock } from "@tollgate/kit/clock/clock";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { fault } from "#domain/faults.ts";
import type { Lease } from "#domain/lease.ts";
import { leaseKey } from "#domain/lease-book.ts";
import type { CallPricing } from "#domain/settle-call.ts";
import { settleBatch } from "#domain/settlement.ts";
import type { RecallNotice } from "#usecases/changes.ts";
import type { Journal, JournalStore, LeaseStore, SettlementStore } from "#usecases/money-ports.ts";
import type { Transactions } from "#usecases/transaction.ts";
import { checkEpoch } from "./check-epoch.ts";
import type { LeaseReport, LeaseReports } from "./lease-reports.ts";
import type { RecallBoard } from "./recall-board.ts";

/** The leases of one epoch as its relay sees them. */
export interface BeatInput {
  readonly journalId: Uint8Array;
  readonly epoch: number;
  /** The mark that the relay was told last; above the journal's, the database has lost commits. */
  readonly acknowledgedSeq: number;
  /** Requests up to this number are settled from the relay's view. */
  readonly resolvedUpTo: number;
  /** Leases that are open, or whose release is not acknowledged. */
  readonly knownLeases: readonly LeaseReport[];
}

/** The answer. */
export interface BeatOutcome {
  readonly serverClockMs: number;
  readonly priceBookVersion: number;
  /** Money wanted back of which the relay was not told yet. */
  readonly recalls: readonly RecallNotice[];
  /** As hello answered it, unless another database answers now. */
  readonly databaseTimeline: string;
}

/** What {@link createBeat} needs. */
export interface BeatPorts {
  readonly transactions: Transactions;
  readonly journals: Pick<JournalStore, "find" | "lock" | "touch" | "readTimeline">;
  readonly leases: Pick<LeaseStore, "activeUpTo">;
  readonly settlements: Pick<SettlementStore, "write">;
  readonly reports: Pick<LeaseReports, "put">;
  readonly recalls: Pick<RecallBoard, "take">;
  readonly currentPriceVersion: () => number;
  readonly clock: Pick<Clock, "nowMs">;
}

/** Gives lost grants back. Throws JOURNAL_UNKNOWN, also when commits are lost, or EPOCH_FENCED. */
export type Beat = (input: BeatInput) => Promise<BeatOutcome>;

const touchEveryMs = 10_000;
const journalsMax = 10_000;

const noCalls: CallPricing = {
  priceOf: () => undefined,
  supersededAtMs: () => Infinity,
  upstreamRate: () => undefined,
  usernameOf: () => "",
  keyNameOf: () => "",
};

/** Costs two reads as a rule; only a lost grant needs a transaction. */
export function createBeat(ports: BeatPorts): Beat {
  const touch = createTouch(ports);
  return async (input) => {
    const { journalId, epoch, resolvedUpTo, knownLeases } = input;
    const nowMs = ports.clock.nowMs();
    checkJournal(await ports.journals.find(journalId), input);
    ports.reports.put(input, knownLeases);
    const active = await ports.leases.activeUpTo(journalId, { epoch, leaseNo: resolvedUpTo });
    if (lostLeases(active, input).length > 0) {
      await releaseLost(ports, input, nowMs);
    }
    const databaseTimeline = await touch(journalId, nowMs);
    return {
      serverClockMs: nowMs,
      priceBookVersion: ports.currentPriceVersion(),
      recalls: ports.recalls.take(input),
      databaseTimeline,
    };
  };
}

/** Writes down now and then that a journal was heard of, and reads then which database it is. */
function createTouch({
  journals,
}: Pick<BeatPorts, "journals">): (journalId: Uint8Array, nowMs: number) => Promise<string> {
  const touchedAtMs = new Map<string, number>();
  let timeline: string | undefined;
  return async (journalId, nowMs) => {
    const name = Buffer.from(journalId).toString("latin1");
    if (timeline !== undefined && nowMs - (touchedAtMs.get(name) ?? 0) < touchEveryMs) {
      return timeline;
    }
    await journals.touch(journalId, nowMs);
    if (touchedAtMs.size >= journalsMax) {
      touchedAtMs.clear();
    }
    touchedAtMs.set(name, nowMs);
    timeline = await journals.readTimeline();
    return timeline;
  };
}

async function releaseLost(ports: BeatPorts, input: BeatInput, nowMs: number): Promise<void> {
  const { journalId, epoch, resolvedUpTo } = input;
  await ports.transactions.run(async (tx) => {
    checkJournal(await ports.journals.lock(journalId, tx), input);
    const name = { epoch, leaseNo: resolvedUpTo };
    const lost = lostLeases(await ports.leases.activeUpTo(journalId, name, tx), input);
    const settlement = settleBatch({
      entries: lost.map(({ leaseNo }) => ({ kind: "released", epoch, leaseNo })),
      leases: new Map(lost.map((lease) => [leaseKey(lease), lease])),
      settledIds: new Set(),
      pricing: noCalls,
      journalId,
      batchId: uuidV7Bytes(nowMs),
      nowMs,
      floorMs: 0,
    });
    await ports.settlements.write(settlement, nowMs, tx);
  });
}

/** What was posted on a lease may be lost with the mark: its money must not come back before the usage has. */
function checkJournal(journal: Journal | undefined, { epoch, acknowledgedSeq }: BeatInput): void {
  if (checkEpoch(journal, epoch).hwm < acknowledgedSeq) {
    throw fault("JOURNAL_UNKNOWN");
  }
}

function lostLeases(active: readonly Lease[], { knownLeases }: BeatInput): readonly Lease[] {
  const known = new Set(knownLeases.map(({ leaseNo }) => leaseNo));
  return active.filter(({ leaseNo }) => !known.has(leaseNo));
}

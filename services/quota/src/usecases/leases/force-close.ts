/**
 * Giving up a journal whose disk is gone. What is known of its open calls is billed, its leases come back, and whoever may still
 * write it is fenced. An end that shows up later is posted as any other, marked late, unless its call was billed here: a request id
 * is billed once.
 */
import type { Clock } from "@tollgate/kit/clock/clock";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { fault } from "#domain/faults.ts";
import type { JournalEntry } from "#domain/journal-entry.ts";
import { remainderOf } from "#domain/lease.ts";
import { leaseKey } from "#domain/lease-book.ts";
import type { OpenCall } from "#domain/open-calls.ts";
import { settledBatchOf } from "#domain/settled-batch.ts";
import type { Settlement } from "#domain/settlement.ts";
import { idText, settleBatch } from "#domain/settlement.ts";
import type { JournalStore, LeaseStore, SettlementStore } from "#usecases/money-ports.ts";
import type { PriceCalls } from "#usecases/prices/price-calls.ts";
import type { SettledFeed } from "#usecases/settlement/settled-feed.ts";
import type { LogFloor } from "#usecases/log/log-keeping-ports.ts";
import type { SettledBatchStore } from "#usecases/settlement/settled-batch-ports.ts";
import { readSettlementFloor } from "#usecases/settlement/settlement-floor.ts";
import type { Transactions, Tx } from "#usecases/transaction.ts";
import type { JournalDesk, OpenCallStore } from "./lease-ports.ts";

/** What was done. All zero for a journal that held nothing. */
export interface ForceCloseOutcome {
  readonly billedCalls: number;
  readonly costNanos: NanoUsd;
  readonly releasedLeases: number;
  /** What went back to available. */
  readonly releasedNanos: NanoUsd;
}

/** What {@link createForceClose} needs. */
export interface ForceClosePorts {
  readonly transactions: Transactions;
  readonly desk: Pick<JournalDesk, "find" | "close">;
  readonly journals: Pick<JournalStore, "lock">;
  readonly leases: Pick<LeaseStore, "activeBelow">;
  readonly openCalls: Pick<OpenCallStore, "readAll" | "removeAll">;
  readonly settlements: SettlementStore;
  readonly batches: Pick<SettledBatchStore, "note">;
  readonly logKeeping: LogFloor;
  readonly priceCalls: PriceCalls;
  readonly feed: Pick<SettledFeed, "publish">;
  readonly clock: Pick<Clock, "nowMs">;
  readonly logger: Pick<Logger, "warn">;
}

/** Throws JOURNAL_NOT_FOUND, or JOURNAL_ALIVE for one whose relay was heard of within the last minute. */
export type ForceClose = (journalId: Uint8Array) => Promise<ForceCloseOutcome>;

// A relay beats every second, which is written down every ten.
const aliveMs = 60_000;

const nothing: ForceCloseOutcome = Object.freeze({
  billedCalls: 0,
  costNanos: nanoUsd(0n),
  releasedLeases: 0,
  releasedNanos: nanoUsd(0n),
});

/** The second time there is nothing left to do. */
export function createForceClose(ports: ForceClosePorts): ForceClose {
  return async (journalId) => {
    const { lastSeenMs, leaseCount } = await findSilent(ports, journalId);
    const open = await ports.openCalls.readAll(journalId);
    if (leaseCount === 0 && open.length === 0) {
      return nothing;
    }
    const pricing = await ports.priceCalls(open.map(({ call }) => call));
    const closed = await ports.transactions.run(async (tx) =>
      closeIn(ports, { journalId, open, pricing, tx }),
    );
    ports.feed.publish(closed.settlement.calls);
    const { outcome } = closed;
    const journal = Buffer.from(journalId).toString("hex");
    const amounts = {
      billedCalls: outcome.billedCalls,
      costNanos: outcome.costNanos.toString(),
      releasedLeases: outcome.releasedLeases,
      releasedNanos: outcome.releasedNanos.toString(),
    };
    ports.logger.warn({ journal, lastSeenMs, ...amounts }, "a journal was force-closed");
    return outcome;
  };
}

async function findSilent(
  { desk, clock }: ForceClosePorts,
  journalId: Uint8Array,
): Promise<{ readonly lastSeenMs: number; readonly leaseCount: number }> {
  const journal = await desk.find(journalId);
  if (journal === undefined) {
    throw fault("JOURNAL_NOT_FOUND");
  }
  if (journal.lastSeenMs > clock.nowMs() - aliveMs) {
    throw fault("JOURNAL_ALIVE");
  }
  return journal;
}

interface Closing {
  readonly journalId: Uint8Array;
  /** What prices were read for. */
  readonly open: readonly OpenCall[];
  readonly pricing: Awaited<ReturnType<PriceCalls>>;
  readonly tx: Tx;
}

async function closeIn(
  ports: ForceClosePorts,
  { journalId, open, pricing, tx }: Closing,
): Promise<{ readonly settlement: Settlement; readonly outcome: ForceCloseOutcome }> {
  const journal = await ports.journals.lock(journalId, tx);
  const calls = (await ports.openCalls.readAll(journalId, tx)).map(({ call }) => call);
  if (journal === undefined || !isSame(calls, open)) {
    // Somebody has applied its records in the meantime.
    throw fault("JOURNAL_ALIVE");
  }
  const leases = await ports.leases.activeBelow(journalId, journal.epoch + 1, tx);
  const nowMs = ports.clock.nowMs();
  const entries: JournalEntry[] = [
    ...calls.map((call) => ({ kind: "ended" as const, call })),
    ...leases.map(({ epoch, leaseNo }) => ({ kind: "released" as const, epoch, leaseNo })),
  ];
  const requestIds = calls.map(({ requestId }) => requestId);
  const settlement = settleBatch({
    entries,
    leases: new Map(leases.map((lease) => [leaseKey(lease), lease])),
    settledIds: await ports.settlements.findSettled(requestIds, tx),
    pricing,
    journalId,
    batchId: uuidV7Bytes(nowMs),
    nowMs,
    floorMs: await readSettlementFloor(ports.logKeeping, { entries, nowMs, tx }),
  });
  if (settlement.expired.length > 0) {
    ports.logger.warn(
      { calls: settlement.expired.length },
      "calls from before the log are in quarantine",
    );
  }
  await ports.settlements.write(settlement, nowMs, tx);
  const stretch = { fromSeq: journal.hwm, nextSeq: journal.hwm };
  await ports.batches.note(settledBatchOf(settlement, stretch), tx);
  await ports.openCalls.removeAll(journalId, tx);
  await ports.desk.close(journalId, { epoch: journal.epoch + 1, atMs: nowMs }, tx);
  const costNanos = settlement.calls.reduce((sum, call) => sum + call.costNanos, 0n);
  const heldNanos = leases.reduce((sum, lease) => sum + remainderOf(lease), 0n);
  const unheld = [...settlement.wallets.values()].reduce(
    (sum, { usedNanos }) => sum + usedNanos,
    0n,
  );
  return {
    settlement,
    outcome: {
      billedCalls: settlement.calls.length,
      costNanos: nanoUsd(costNanos),
      releasedLeases: leases.length,
      releasedNanos: nanoUsd(heldNanos > unheld ? heldNanos - unheld : 0n),
    },
  };
}

function isSame(
  calls: readonly { readonly requestId: Uint8Array }[],
  open: readonly OpenCall[],
): boolean {
  const known = new Set(open.map(({ call }) => idText(call.requestId)));
  return (
    calls.length === open.length && calls.every(({ requestId }) => known.has(idText(requestId)))
  );
}

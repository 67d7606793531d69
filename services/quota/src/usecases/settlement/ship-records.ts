/**
 * Ship: records of a journal become posted money, exactly once. Three layers see to it: the journal's high-water mark skips what was
 * applied, the log's key refuses a request id twice, and everything of a batch (rows, wallets, caps, leases, ledger, roll-ups,
 * mark) commits in one transaction, before the answer.
 */
import { setImmediate } from "node:timers/promises";
import type { Clock } from "@tollgate/kit/clock/clock";
import { isFault } from "@tollgate/kit/fault/fault";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { EndedCall, JournalEntry } from "#domain/journal-entry.ts";
import type { Lease } from "#domain/lease.ts";
import type { LeaseKey } from "#domain/lease-book.ts";
import { leaseKey } from "#domain/lease-book.ts";
import { followOpenCalls } from "#domain/open-calls.ts";
import { settledBatchOf } from "#domain/settled-batch.ts";
import type { Settlement } from "#domain/settlement.ts";
import { epochEndedBy, leasesNamedBy, settleBatch } from "#domain/settlement.ts";
import { checkEpoch } from "#usecases/leases/check-epoch.ts";
import type { OpenCallStore } from "#usecases/leases/lease-ports.ts";
import type { LogFloor } from "#usecases/log/log-keeping-ports.ts";
import type { JournalStore, LeaseStore, SettlementStore } from "#usecases/money-ports.ts";
import type { PriceCalls } from "#usecases/prices/price-calls.ts";
import type { Transactions, Tx } from "#usecases/transaction.ts";
import type { SettledBatchStore } from "./settled-batch-ports.ts";
import { readSettlementFloor } from "./settlement-floor.ts";
import type { SettledFeed } from "./settled-feed.ts";

/** Records of one stretch of a journal, in order. */
export interface ShipInput {
  readonly journalId: Uint8Array;
  readonly epoch: number;
  /** Sequence number of the first record. */
  readonly fromSeq: number;
  /** Sequence number behind the last record. */
  readonly nextSeq: number;
  /** What happened in between; starts and checkpoints of calls that have ended may be missing. */
  readonly records: readonly ShippedRecord[];
}

/** A record and its place in the journal. */
export interface ShippedRecord {
  readonly seq: number;
  readonly entry: JournalEntry;
}

/** What is applied now. */
export interface ShipOutcome {
  /** First record that is not applied; below `fromSeq` there is a gap and nothing was applied. */
  readonly hwm: number;
  /** Calls whose cost the relay computed otherwise. */
  readonly costMismatches: number;
}

/** What {@link createShipRecords} needs. */
export interface ShipPorts {
  readonly transactions: Transactions;
  readonly journals: Pick<JournalStore, "lock" | "advance">;
  readonly leases: Pick<LeaseStore, "findMany" | "activeBelow">;
  readonly openCalls: Pick<OpenCallStore, "write">;
  readonly settlements: SettlementStore;
  readonly batches: Pick<SettledBatchStore, "note">;
  readonly priceCalls: PriceCalls;
  readonly feed: Pick<SettledFeed, "publish">;
  readonly clock: Pick<Clock, "nowMs">;
  readonly logKeeping: LogFloor;
  readonly logger: Pick<Logger, "warn" | "error">;
  /** Longer batches are applied in several transactions, so that none blocks for long. */
  readonly recordsPerTransaction: number;
}

/** Applies records. Throws JOURNAL_UNKNOWN or EPOCH_FENCED. */
export type ShipRecords = (input: ShipInput) => Promise<ShipOutcome>;

interface Applied {
  readonly hwm: number;
  readonly settlement?: Settlement;
}

/** Applies records in order; what was applied before is skipped. */
export function createShipRecords(ports: ShipPorts): ShipRecords {
  const { recordsPerTransaction, feed, logger } = ports;
  return async (input) => {
    let costMismatches = 0;
    let offset = 0;
    for (;;) {
      // Lets other work in: between the decoding of a batch and its settlement, and between two transactions.
      await setImmediate();
      const part = takePart(input, offset, recordsPerTransaction);
      const { hwm, settlement } = await applyPart(ports, part);
      if (settlement !== undefined) {
        costMismatches += report(settlement, logger);
        feed.publish(settlement.calls);
      }
      offset += part.records.length;
      if (part.nextSeq === input.nextSeq || hwm < part.fromSeq) {
        return { hwm, costMismatches };
      }
    }
  };
}

/** Some of the records; the stretch of the journal goes on to where the next part begins. */
function takePart(input: ShipInput, offset: number, countMax: number): ShipInput {
  const { records } = input;
  const end = offset + countMax;
  return {
    ...input,
    fromSeq: offset === 0 ? input.fromSeq : (records[offset]?.seq ?? input.nextSeq),
    nextSeq: records[end]?.seq ?? input.nextSeq,
    records: records.slice(offset, end),
  };
}

async function applyPart(ports: ShipPorts, part: ShipInput): Promise<Applied> {
  const calls = callsIn(part.records);
  const pricing = await ports.priceCalls(calls);
  const apply = async (readSettled: boolean): Promise<Applied> =>
    ports.transactions.run(
      async (tx) => {
        const requestIds = readSettled ? calls.map(({ requestId }) => requestId) : [];
        const settledIds = await ports.settlements.findSettled(requestIds, tx);
        return applyIn(ports, { part, pricing, settledIds, tx });
      },
      // A power cut takes the mark back with the rows, and the relay still has the records.
      { isReplayable: true },
    );
  try {
    // Nearly every request id is new, so looking for them first would be wasted; the log's key would refuse a known one.
    return await apply(false);
  } catch (error) {
    if (isFault(error)) {
      throw error;
    }
    // Compensates: perhaps the log has some of the calls. Nothing is committed, so run it again and look first.
    return apply(true);
  }
}

function callsIn(records: readonly ShippedRecord[]): readonly EndedCall[] {
  const calls: EndedCall[] = [];
  for (const { entry } of records) {
    if (entry.kind === "ended") {
      calls.push(entry.call);
    }
  }
  return calls;
}

interface PartContext {
  readonly part: ShipInput;
  readonly pricing: Awaited<ReturnType<PriceCalls>>;
  readonly settledIds: ReadonlySet<string>;
  readonly tx: Tx;
}

async function applyIn(ports: ShipPorts, context: PartContext): Promise<Applied> {
  const { part, pricing, settledIds, tx } = context;
  const { journalId } = part;
  const { hwm } = checkEpoch(await ports.journals.lock(journalId, tx), part.epoch);
  if (part.fromSeq > hwm || part.nextSeq <= hwm) {
    return { hwm };
  }
  const records = part.records.filter(({ seq }) => seq >= hwm);
  const entries = records.map(({ entry }) => entry);
  const nowMs = ports.clock.nowMs();
  const settlement = settleBatch({
    entries,
    leases: await readLeases(ports, journalId, { entries, tx }),
    settledIds,
    pricing,
    journalId,
    batchId: uuidV7Bytes(nowMs),
    nowMs,
    floorMs: await readSettlementFloor(ports.logKeeping, { entries, nowMs, tx }),
  });
  await ports.settlements.write(settlement, nowMs, tx);
  const stretch = { fromSeq: hwm, nextSeq: part.nextSeq };
  await ports.batches.note(settledBatchOf(settlement, stretch), tx);
  await ports.openCalls.write(journalId, followOpenCalls(records), tx);
  await ports.journals.advance(journalId, { hwm: part.nextSeq, atMs: nowMs }, tx);
  return { hwm: part.nextSeq, settlement };
}

async function readLeases(
  { leases }: ShipPorts,
  journalId: Uint8Array,
  { entries, tx }: { readonly entries: readonly JournalEntry[]; readonly tx: Tx },
): Promise<ReadonlyMap<LeaseKey, Lease>> {
  const named = await leases.findMany(journalId, leasesNamedBy(entries), tx);
  const endedEpoch = epochEndedBy(entries);
  const older = endedEpoch === 0 ? [] : await leases.activeBelow(journalId, endedEpoch, tx);
  return new Map([...older, ...named].map((lease) => [leaseKey(lease), lease]));
}

/** Says what somebody should look at; answers the number of calls whose cost was corrected. */
function report({ calls, expired }: Settlement, logger: Pick<Logger, "warn" | "error">): number {
  if (expired.length > 0) {
    logger.error({ calls: expired.length }, "calls from before the log are in quarantine");
  }
  let corrected = 0;
  let late = 0;
  for (const call of calls) {
    corrected += call.isCostCorrected ? 1 : 0;
    late += call.isLate ? 1 : 0;
  }
  if (corrected > 0) {
    logger.warn({ calls: corrected }, "cost differs from the relay's");
  }
  if (late > 0) {
    logger.warn({ calls: late }, "calls settled on a closed lease");
  }
  return corrected;
}

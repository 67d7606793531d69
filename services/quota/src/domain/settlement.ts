/**
 * Settling a batch: journal records in order become rows of the log and sums to add to wallets, caps, leases and roll-ups. Pure: the
 * same batch over the same leases always gives the same settlement, so a transaction may be run again. A call is posted whatever
 * its lease looks like; a closed one only marks it late.
 */
import { uuidV7Time } from "@tollgate/kit/ids/uuid-v7";
import type { EndedCall, JournalEntry } from "./journal-entry.ts";
import type { Lease } from "./lease.ts";
import type { LeaseBook, LeaseChange, LeaseKey, LeaseName } from "./lease-book.ts";
import { createLeaseBook, leaseKey } from "./lease-book.ts";
import { settleCall } from "./settle-call.ts";
import type { CallPricing } from "./settle-call.ts";
import type { SettledCall } from "./settled-call.ts";
import type { UsageTotal } from "./usage-total.ts";
import { createUsageTotals } from "./usage-total.ts";

/** What to add to a wallet. */
export interface WalletDelta {
  heldNanos: bigint;
  /** What its calls cost; the balance falls by it. */
  usedNanos: bigint;
  requests: number;
}

/** What to add to a key's cap. */
export interface CapDelta {
  readonly userId: number;
  usedNanos: bigint;
  heldNanos: bigint;
  /** False: money of a lease came back, no call was settled. */
  isUsed: boolean;
}

/** What a batch depends on. */
export interface SettlementInput {
  readonly entries: readonly JournalEntry[];
  /** The leases that the entries name and those below {@link epochEndedBy}, by {@link leaseKey}. */
  readonly leases: ReadonlyMap<LeaseKey, Lease>;
  /** Request ids (as {@link idText}) that the log has already. */
  readonly settledIds: ReadonlySet<string>;
  readonly pricing: CallPricing;
  /** 16 bytes. */
  readonly journalId: Uint8Array;
  /** 16 bytes. */
  readonly batchId: Uint8Array;
  readonly nowMs: number;
  /** Calls that started before this cannot be posted any more; 0 = there is none among the entries. */
  readonly floorMs: number;
}

/** What to write. */
export interface Settlement {
  readonly journalId: Uint8Array;
  readonly batchId: Uint8Array;
  readonly calls: readonly SettledCall[];
  /** Calls from before the log: whether they were posted cannot be known any more. */
  readonly expired: readonly EndedCall[];
  readonly wallets: ReadonlyMap<number, Readonly<WalletDelta>>;
  readonly caps: ReadonlyMap<number, Readonly<CapDelta>>;
  readonly leases: readonly LeaseChange[];
  readonly hours: readonly UsageTotal[];
  readonly days: readonly UsageTotal[];
}

/** Bytes of an id as a text to compare by. */
export function idText(requestId: Uint8Array): string {
  const bytes = Buffer.isBuffer(requestId)
    ? requestId
    : Buffer.from(requestId.buffer, requestId.byteOffset, requestId.byteLength);
  return bytes.toString("latin1");
}

/** The leases that entries name, each once. */
export function leasesNamedBy(entries: readonly JournalEntry[]): readonly LeaseName[] {
  const named = new Map<LeaseKey, LeaseName>();
  let last: LeaseName | undefined;
  for (const entry of entries) {
    const name = leaseNamedBy(entry);
    const isNew = name !== undefined && name.leaseNo !== 0 && !isSameLease(name, last);
    if (isNew) {
      named.set(leaseKey(name), { epoch: name.epoch, leaseNo: name.leaseNo });
      last = name;
    }
  }
  return [...named.values()];
}

/** The epoch below which every active lease of the journal must be known; 0 = none. */
export function epochEndedBy(entries: readonly JournalEntry[]): number {
  let epoch = 0;
  for (const entry of entries) {
    epoch = entry.kind === "epoch-ended" ? Math.max(epoch, entry.epoch) : epoch;
  }
  return epoch;
}

/** Settles a batch. */
export function settleBatch(input: SettlementInput): Settlement {
  const wallets = new Map<number, WalletDelta>();
  const caps = new Map<number, CapDelta>();
  const book = createLeaseBook(input.leases, ({ userId, keyId }, amountNanos) => {
    walletDelta(wallets, userId).heldNanos -= amountNanos;
    if (keyId !== 0) {
      capDelta(caps, keyId, userId).heldNanos -= amountNanos;
    }
  });
  const totals = createUsageTotals();
  const seen = new Set<string>();
  const calls: SettledCall[] = [];
  const expired: EndedCall[] = [];

  function post(ended: EndedCall): void {
    const id = idText(ended.requestId);
    if (seen.has(id) || input.settledIds.has(id)) {
      return;
    }
    seen.add(id);
    if (input.floorMs > 0 && uuidV7Time(ended.requestId) < input.floorMs) {
      expired.push(ended);
      return;
    }
    const call = settleCall(ended, input);
    const { isLate, beyondNanos } = book.settle(ended, call.costNanos);
    const wallet = walletDelta(wallets, call.userId);
    wallet.usedNanos += call.costNanos;
    wallet.requests += 1;
    if (call.keyId !== 0) {
      const cap = capDelta(caps, call.keyId, call.userId);
      cap.usedNanos += call.costNanos;
      cap.isUsed = true;
    }
    totals.add(call);
    calls.push(isLate || beyondNanos > 0n ? { ...call, isLate, beyondNanos } : call);
  }

  for (const entry of input.entries) {
    if (entry.kind === "ended") {
      post(entry.call);
    } else {
      applyToLeases(book, entry);
    }
  }
  return {
    journalId: input.journalId,
    batchId: input.batchId,
    calls,
    expired,
    wallets,
    caps,
    leases: book.changes(),
    hours: totals.hours(),
    days: totals.days(),
  };
}

function applyToLeases(book: LeaseBook, entry: Exclude<JournalEntry, { kind: "ended" }>): void {
  switch (entry.kind) {
    case "passed":
    case "open":
      break;
    case "released":
      book.release(entry);
      break;
    case "returned":
      book.giveBack(entry, entry.amountNanos);
      break;
    case "epoch-ended":
      book.endEpochsBelow(entry.epoch);
      break;
  }
}

function leaseNamedBy(entry: JournalEntry): LeaseName | undefined {
  switch (entry.kind) {
    case "ended":
      return entry.call;
    case "released":
    case "returned":
      return entry;
    case "passed":
    case "open":
    case "epoch-ended":
      return undefined;
  }
}

function isSameLease(left: LeaseName, right: LeaseName | undefined): boolean {
  return left.leaseNo === right?.leaseNo && left.epoch === right.epoch;
}

function walletDelta(deltas: Map<number, WalletDelta>, userId: number): WalletDelta {
  let delta = deltas.get(userId);
  if (delta === undefined) {
    delta = { heldNanos: 0n, usedNanos: 0n, requests: 0 };
    deltas.set(userId, delta);
  }
  return delta;
}

function capDelta(deltas: Map<number, CapDelta>, keyId: number, userId: number): CapDelta {
  let delta = deltas.get(keyId);
  if (delta === undefined) {
    delta = { userId, usedNanos: 0n, heldNanos: 0n, isUsed: false };
    deltas.set(keyId, delta);
  }
  return delta;
}

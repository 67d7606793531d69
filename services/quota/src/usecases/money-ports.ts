/** What the use cases of money need from the world. */
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { AdjustmentKind, PlatformAccount } from "#domain/ledger.ts";
import type { LeaseName } from "#domain/lease-book.ts";
import type { Lease, LeasePayer } from "#domain/lease.ts";
import type { Page } from "#domain/list-range.ts";
import type { PriceBookTexts } from "#domain/price-book.ts";
import type { Settlement } from "#domain/settlement.ts";
import type { KeyCap, Wallet } from "#domain/wallet.ts";
import type { KeyCaps } from "#usecases/identity/identity-ports.ts";
import type { Change } from "./changes.ts";
import type { Tx } from "./transaction.ts";

/** Wallets at rest. Balances change by additions only, under the row's lock. */
export interface WalletStore {
  /** Makes an empty wallet; does nothing when the user has one. */
  readonly open: (userId: number, tx: Tx) => Promise<void>;
  readonly find: (userId: number, tx?: Tx) => Promise<Wallet | undefined>;
  /** Reads and locks the row until the transaction ends. */
  readonly lock: (userId: number, tx: Tx) => Promise<Wallet | undefined>;
  readonly addPosted: (userId: number, amountNanos: NanoUsd, tx: Tx) => Promise<void>;
  readonly addHeld: (userId: number, amountNanos: NanoUsd, tx: Tx) => Promise<void>;
}

/** Limits and counters of keys at rest. They outlive their keys, because running calls are still settled. */
export interface KeyCapStore extends KeyCaps {
  /** The rows of these keys by key id; keys without one are absent. */
  readonly readMany: (keyIds: readonly number[], tx?: Tx) => Promise<ReadonlyMap<number, KeyCap>>;
  /** Reads and locks the row until the transaction ends. */
  readonly lock: (keyId: number, tx: Tx) => Promise<KeyCap | undefined>;
  readonly addHeld: (keyId: number, amountNanos: NanoUsd, tx: Tx) => Promise<void>;
}

/** A lease to be written. */
export interface NewLease {
  readonly journalId: Uint8Array;
  readonly epoch: number;
  readonly leaseNo: number;
  readonly userId: number;
  /** 0 = not held on a cap. */
  readonly keyId: number;
  readonly grantedNanos: NanoUsd;
  /** For the call that waits and no other. */
  readonly isSingleCall: boolean;
  /** As in the proto. */
  readonly reason: number;
  readonly createdAtMs: number;
}

/** A lease with the journal that it belongs to. */
export interface OwnedLease extends Lease {
  readonly journalId: Uint8Array;
  readonly createdAtMs: number;
}

/** Leases at rest. A journal's leases are protected by the lock of its journal's row. */
export interface LeaseStore {
  readonly insert: (lease: NewLease, tx: Tx) => Promise<void>;
  readonly find: (
    journalId: Uint8Array,
    name: LeaseName,
    tx: Tx,
  ) => Promise<(Lease & Pick<NewLease, "isSingleCall">) | undefined>;
  /** Those of the named leases that exist. */
  readonly findMany: (
    journalId: Uint8Array,
    names: readonly LeaseName[],
    tx: Tx,
  ) => Promise<readonly Lease[]>;
  /** Active leases of all epochs below. */
  readonly activeBelow: (journalId: Uint8Array, epoch: number, tx: Tx) => Promise<readonly Lease[]>;
  /** Active leases of one epoch up to a number. */
  readonly activeUpTo: (
    journalId: Uint8Array,
    name: LeaseName,
    tx?: Tx,
  ) => Promise<readonly Lease[]>;
  /** Other journals that hold active leases of the user. */
  readonly countOtherJournals: (userId: number, journalId: Uint8Array, tx: Tx) => Promise<number>;
  /** Active leases of the user, the largest grant first, of the present epochs of journals that were heard of since then. */
  readonly activeOfUser: (
    query: { readonly userId: number; readonly seenAfterMs: number; readonly max: number },
    tx: Tx,
  ) => Promise<readonly OwnedLease[]>;
  /** Active leases of a journal, of all epochs, the largest grant first. */
  readonly activeOfJournal: (
    journalId: Uint8Array,
    max: number,
    tx?: Tx,
  ) => Promise<readonly OwnedLease[]>;
  /** Removes at most `max` leases that were released before a moment; answers how many. */
  readonly removeReleasedBefore: (beforeMs: number, max: number) => Promise<number>;
}

/** How far a relay's journal is applied, and who may go on with it. */
export interface Journal {
  /** The highest epoch that said hello. */
  readonly epoch: number;
  /** Sequence number of the first record that is not applied. */
  readonly hwm: number;
}

/** Who says hello. */
export interface JournalVisit {
  readonly journalId: Uint8Array;
  readonly nodeName: string;
  readonly build: string;
  readonly atMs: number;
}

/** Journals at rest. The row's lock protects everything of the journal, its leases too. */
export interface JournalStore {
  /** Makes the journal when it is new, and locks it. */
  readonly open: (visit: JournalVisit, tx: Tx) => Promise<Journal>;
  /** Lets the epoch that said hello own the journal. */
  readonly begin: (visit: JournalVisit, epoch: number, tx: Tx) => Promise<void>;
  readonly find: (journalId: Uint8Array) => Promise<Journal | undefined>;
  /** Reads and locks the row against everybody. */
  readonly lock: (journalId: Uint8Array, tx: Tx) => Promise<Journal | undefined>;
  /** Reads the row and keeps its epoch and leases from changing; others may do the same at once. */
  readonly share: (journalId: Uint8Array, tx: Tx) => Promise<Journal | undefined>;
  readonly advance: (
    journalId: Uint8Array,
    to: { hwm: number; atMs: number },
    tx: Tx,
  ) => Promise<void>;
  readonly touch: (journalId: Uint8Array, atMs: number) => Promise<void>;
  /** A text that changes when another database answers than before. */
  readonly readTimeline: () => Promise<string>;
}

/** Where settlements are written. */
export interface SettlementStore {
  /** Those of the request ids that the log has, as `idText`. */
  readonly findSettled: (requestIds: readonly Uint8Array[], tx: Tx) => Promise<ReadonlySet<string>>;
  /** Writes rows, sums and ledger pairs. A request id that the log has already makes it fail. */
  readonly write: (settlement: Settlement, nowMs: number, tx: Tx) => Promise<void>;
}

/** What settled calls are named with, and whether money may still be set aside. */
export interface AccountStore {
  /** Names by id; ids without a row are absent. */
  readonly readUsernames: (
    userIds: readonly number[],
    tx?: Tx,
  ) => Promise<ReadonlyMap<number, string>>;
  readonly readKeyNames: (
    keyIds: readonly number[],
    tx?: Tx,
  ) => Promise<ReadonlyMap<number, string>>;
  /** Whose money is asked for; undefined = the user or the key (0 = none) is gone or disabled. */
  readonly findPayer: (userId: number, keyId: number, tx: Tx) => Promise<LeasePayer | undefined>;
}

/** A change of a balance that is no settlement. */
export interface Adjustment {
  /** Made by the caller; unique over all adjustments. */
  readonly requestId: string;
  readonly userId: number;
  /** Signed. */
  readonly amountNanos: NanoUsd;
  readonly kind: AdjustmentKind;
  readonly remark: string;
  /** 0 = the system. */
  readonly actorId: number;
  /** The account on the other side; absent = the kind's own. */
  readonly account?: PlatformAccount;
  /** When what is not spent of it is taken back; 0 or absent = never. Only for what is added. */
  readonly expiresAtMs?: number;
  /** True: the balance may fall below zero, because the money is gone already. */
  readonly mayOverdraw?: boolean;
}

/** One line on a user's account. */
export interface LedgerLine {
  readonly transactionId: string;
  readonly kind: string;
  readonly amountNanos: NanoUsd;
  readonly createdAtMs: number;
  readonly remark: string;
  readonly actorId: number;
}

/** The ledger at rest: insert only. Settlements are written by the settlement store. */
export interface LedgerStore {
  readonly findAdjustment: (requestId: string, tx: Tx) => Promise<Adjustment | undefined>;
  readonly insertAdjustment: (adjustment: Adjustment, nowMs: number, tx: Tx) => Promise<void>;
  /** Newest first. */
  readonly list: (
    userId: number,
    page: { readonly offset: number; readonly limit: number; readonly hasTotal: boolean },
  ) => Promise<Page<LedgerLine>>;
}

/** When a version is in force: from its time on, until that of the next one; of equal times the higher version counts. */
export interface PriceVersionTime {
  readonly version: number;
  readonly effectiveAtMs: number;
}

/** One stored version of the prices. */
export interface PriceVersion extends PriceVersionTime {
  readonly texts: PriceBookTexts;
  /** The options that become these values when its time comes; none for a version that was made for at once. */
  readonly scheduled: Readonly<Record<string, string>>;
}

/** Price books at rest: each version is written once. */
export interface PriceStore {
  /** The highest version, locked until the transaction ends, so that two publishers take turns. 0 = there is none. */
  readonly lockLast: (tx: Tx) => Promise<number>;
  readonly find: (version: number, tx?: Tx) => Promise<PriceVersion | undefined>;
  /** The versions whose times are the latest, the latest first. */
  readonly listTimes: (limit: number, tx?: Tx) => Promise<readonly PriceVersionTime[]>;
  readonly insert: (version: PriceVersion, tx: Tx) => Promise<void>;
}

/** What a channel charges us for a model. */
export interface StoredChannelCost {
  readonly channelId: number;
  /** "" = every model of the channel without a cost of its own. */
  readonly model: string;
  /** Applied to the list price, or to the price of its own. */
  readonly multiplierPpm: number;
  /** JSON of a price of its own; "" = the list price. */
  readonly priceJson: string;
}

/** What channels charge us, at rest. */
export interface ChannelCostStore {
  readonly readAll: () => Promise<readonly StoredChannelCost[]>;
  /** Replaces all costs of a channel. */
  readonly replace: (
    change: {
      readonly channelId: number;
      readonly costs: readonly StoredChannelCost[];
      readonly actorId: number;
      readonly nowMs: number;
    },
    tx: Tx,
  ) => Promise<void>;
}

/** What sums of a margin are grouped by. */
export type MarginKey = "channel" | "model" | "user";

/** What customers paid and upstreams charge. */
export interface MarginRow {
  /** Channel or user; 0 for models. */
  readonly id: number;
  /** Model or username; "" for channels and for users that are gone. */
  readonly name: string;
  readonly requests: number;
  readonly costNanos: NanoUsd;
  readonly upstreamCostNanos: NanoUsd;
}

/** Margins in the roll-ups. */
export interface MarginReader {
  /** Whole days from the first to the last, inclusive, as seconds since 1970 of their start; what customers paid most for first. */
  readonly readMargin: (query: {
    readonly fromSeconds: number;
    readonly toSeconds: number;
    readonly by: MarginKey;
  }) => Promise<readonly MarginRow[]>;
}

/** A change with its place in the order of writing. */
export interface StoredChange {
  readonly id: number;
  readonly change: Change;
}

/** News between replicas at rest. */
export interface ChangeStore {
  readonly insert: (change: Change, nowMs: number, tx?: Tx) => Promise<void>;
  /** The highest id; 0 = none. */
  readonly findLastId: () => Promise<number>;
  /** In order, at most `max`. */
  readonly readAfter: (id: number, max: number) => Promise<readonly StoredChange[]>;
  readonly removeBefore: (beforeMs: number) => Promise<void>;
}

/** What the books amount to. */
export interface LedgerCheck {
  /** One sentence for each sum that does not hold. */
  readonly violations: readonly string[];
  readonly usageCostNanos: bigint;
  readonly usageRows: number;
  readonly heldNanos: bigint;
}

/** Recomputes every sum that must hold, each in one statement, so that traffic in between disturbs none. */
export interface LedgerCheckStore {
  /** `userId` 0 = everybody. Names at most a bounded number of violations of each kind. */
  readonly check: (userId: number) => Promise<LedgerCheck>;
}

/** What the use cases of money that comes in and goes back need from the world. */
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { CreditBucket } from "#domain/credit-bucket.ts";
import type { ListPage, Page } from "#domain/list-range.ts";
import type { CodeStatus, RedemptionCode, StoredCodeStatus } from "#domain/redemption-code.ts";
import type { Tx } from "#usecases/transaction.ts";

/** Credit that expires, at rest. The rows of a user are protected by the lock of the user's wallet. */
export interface BucketStore {
  readonly insert: (bucket: CreditBucket, tx: Tx) => Promise<void>;
  /** Writes what can change. */
  readonly update: (bucket: CreditBucket, tx: Tx) => Promise<void>;
  /** Those that are not closed, first-expiring first. */
  readonly listOpen: (userId: number, tx?: Tx) => Promise<readonly CreditBucket[]>;
  /** Users with an open bucket whose time is over, by id. */
  readonly findDueUsers: (search: {
    readonly nowMs: number;
    readonly afterUserId: number;
    readonly max: number;
  }) => Promise<readonly number[]>;
}

/** Codes to be written: one row for each hash. */
export interface NewCodes {
  /** 16 bytes. */
  readonly batchId: Uint8Array;
  readonly creatorId: number;
  readonly name: string;
  readonly amountNanos: NanoUsd;
  readonly creditSeconds: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly secrets: readonly { readonly hash: string; readonly sealed: string }[];
}

/** A code as it is stored. */
export interface StoredCode {
  readonly code: RedemptionCode;
  readonly hash: string;
  readonly sealed: string;
}

/** Columns of a code to be changed; an absent one stays. */
export interface CodePatch {
  readonly name?: string;
  readonly status?: Exclude<StoredCodeStatus, "used">;
  readonly amountNanos?: NanoUsd;
  readonly expiresAt?: number;
}

/** Fields that a list of codes can be sorted by. */
export const codeSorts = [
  "id",
  "name",
  "amount_nanos",
  "created_at",
  "redeemed_at",
  "expires_at",
] as const;

/** Which codes are meant; an absent field matches all. */
export interface CodeFilter {
  readonly status?: CodeStatus;
  /** 16 bytes. */
  readonly batchId?: Uint8Array;
  readonly nowSeconds: number;
}

/** Redemption codes at rest. */
export interface CodeStore {
  readonly insert: (codes: NewCodes, tx: Tx) => Promise<void>;
  readonly update: (id: number, patch: CodePatch, tx: Tx) => Promise<void>;
  readonly remove: (id: number, tx: Tx) => Promise<void>;
  readonly find: (id: number, tx?: Tx) => Promise<StoredCode | undefined>;
  /** Reads and locks the row until the transaction ends. Wallets are locked after it, never before. */
  readonly lock: (id: number, tx: Tx) => Promise<StoredCode | undefined>;
  readonly lockByHash: (hash: string, tx: Tx) => Promise<StoredCode | undefined>;
  readonly markUsed: (
    id: number,
    by: { readonly userId: number; readonly at: number },
    tx: Tx,
  ) => Promise<void>;
  readonly list: (
    filter: CodeFilter,
    page: ListPage<(typeof codeSorts)[number]>,
  ) => Promise<Page<StoredCode>>;
}

/** Texts of codes. They are looked up by a keyed hash, and sealed for operators, so that a stolen database holds none. */
export interface CodeVault {
  readonly newCode: () => string;
  readonly hash: (code: string) => string;
  readonly seal: (hash: string, code: string) => string;
  readonly open: (hash: string, sealed: string) => string;
}

/** An event of a payment provider. */
export interface PaymentEvent {
  readonly provider: string;
  readonly eventId: string;
  readonly paymentId: string;
  /** 0 = paid; from 1 = paid back, in order. */
  readonly seq: number;
  readonly userId: number;
  /** Above 0. */
  readonly amountNanos: NanoUsd;
  readonly receivedAtMs: number;
}

/** Names a payment. */
export type PaymentName = Pick<PaymentEvent, "provider" | "paymentId">;

/** Payment events at rest. */
export interface PaymentStore {
  /** False when the event's id, or the payment's number `seq`, is taken. Waits for whoever is just writing it. */
  readonly insert: (event: PaymentEvent, tx: Tx) => Promise<boolean>;
  readonly findEvent: (
    name: Pick<PaymentEvent, "provider" | "eventId">,
    tx: Tx,
  ) => Promise<PaymentEvent | undefined>;
  /** What was paid, locked until the transaction ends. */
  readonly lockPayment: (name: PaymentName, tx: Tx) => Promise<PaymentEvent | undefined>;
  /** What went back of a payment, and how often. */
  readonly sumPaidBack: (
    name: PaymentName,
    tx: Tx,
  ) => Promise<{ readonly amountNanos: NanoUsd; readonly count: number }>;
}

/** A settled call, as far as giving back its cost goes. */
export interface ChargedCall {
  readonly userId: number;
  /** 0 = none. */
  readonly keyId: number;
  readonly model: string;
  readonly costNanos: NanoUsd;
}

/** One refund. */
export interface Refund {
  /** 16 bytes: the call. */
  readonly requestId: Uint8Array;
  /** From 1. */
  readonly seq: number;
  readonly userId: number;
  readonly keyId: number;
  readonly amountNanos: NanoUsd;
  readonly reason: string;
  readonly actorId: number;
  readonly createdAtMs: number;
}

/** Refunds at rest. Those of a call are protected by the lock of its owner's wallet. */
export interface RefundStore {
  /** Also a call that has moved to the log database. Throws LOG_DATABASE_AWAY when that cannot be asked. */
  readonly findCall: (requestId: Uint8Array) => Promise<ChargedCall | undefined>;
  readonly insert: (refund: Refund, tx: Tx) => Promise<void>;
  readonly sum: (
    requestId: Uint8Array,
    tx?: Tx,
  ) => Promise<{ readonly amountNanos: NanoUsd; readonly count: number }>;
  /** What was given back of these calls, by id as `idText`; calls without a refund are absent. */
  readonly sumMany: (requestIds: readonly Uint8Array[]) => Promise<ReadonlyMap<string, NanoUsd>>;
  /** Gives a capped key its room back. */
  readonly raiseCap: (keyId: number, amountNanos: NanoUsd, tx: Tx) => Promise<void>;
}

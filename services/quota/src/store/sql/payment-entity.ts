/**
 * Money that comes in and goes back. Each row here is written in the transaction of its ledger entries, and its unique key is what
 * makes the movement happen once. All writes are raw statements in the stores beside this file.
 */
import { defineEntity, p } from "@mikro-orm/core";
import { fixedBytesColumn } from "@tollgate/kit/sql/bytes-type";
import { int64Column, moneyColumn } from "@tollgate/kit/sql/money-type";

/** A code that can be turned into balance once. */
export const RedemptionCodeEntity = defineEntity({
  name: "RedemptionCode",
  tableName: "redemption_codes",
  indexes: [
    { name: "redemption_codes_name", properties: ["name"] },
    { name: "redemption_codes_batch", properties: ["batchId", "id"] },
  ],
  properties: {
    id: p.integer().primary(),
    /** Codes that were made together. */
    batchId: fixedBytesColumn(16),
    creatorId: p.integer(),
    name: p.string().length(64),
    /** HMAC-SHA-256 in hexadecimal. */
    codeHash: p.string().length(64).unique(),
    /** AES-256-GCM, for operators who look at the list. */
    codeSealed: p.string().length(255),
    /** 1 enabled, 2 disabled, 3 used. Expired is computed. */
    status: p.smallint(),
    amountNanos: moneyColumn(),
    /** How long the money can be spent after it was redeemed; 0 = for ever. */
    creditSeconds: int64Column(),
    /** Seconds since 1970. */
    createdAt: int64Column(),
    /** Seconds since 1970; 0 = never. */
    expiresAt: int64Column(),
    /** Seconds since 1970; 0 = not yet. */
    redeemedAt: int64Column().defaultRaw("0"),
    /** 0 = nobody yet. */
    redeemerId: p.integer().default(0),
  },
});

/** What a payment provider told us. A payment is row 0 of its payment id, what was paid back of it are the rows from 1. */
export const PaymentEventEntity = defineEntity({
  name: "PaymentEvent",
  tableName: "payment_events",
  uniques: [{ name: "payment_events_payment", properties: ["provider", "paymentId", "seq"] }],
  properties: {
    provider: p.string().length(32).primary(),
    eventId: p.string().length(128).primary(),
    paymentId: p.string().length(128),
    seq: p.integer(),
    userId: p.integer(),
    /** Above 0, also for what was paid back. */
    amountNanos: moneyColumn(),
    receivedAtMs: int64Column(),
  },
});

/** What was given back of a settled call; the sum never exceeds what the call cost. */
export const RefundEntity = defineEntity({
  name: "Refund",
  tableName: "refunds",
  properties: {
    requestId: fixedBytesColumn(16).primary(),
    /** From 1, in order. */
    refundSeq: p.integer().primary(),
    userId: p.integer(),
    keyId: p.integer(),
    amountNanos: moneyColumn(),
    reason: p.string().length(255),
    actorId: p.integer(),
    createdAtMs: int64Column(),
  },
});

/** Credit that expires. Rows of a user are protected by the lock of the user's wallet. */
export const WalletBucketEntity = defineEntity({
  name: "WalletBucket",
  tableName: "wallet_buckets",
  indexes: [
    { name: "wallet_buckets_user", properties: ["userId", "closedAtMs"] },
    { name: "wallet_buckets_expiry", properties: ["closedAtMs", "expiresAtMs"] },
  ],
  properties: {
    /** UUIDv7. */
    bucketId: fixedBytesColumn(16).primary(),
    userId: p.integer(),
    /** The kind of the ledger transaction that granted it; what expires goes back to the same account. */
    kind: p.string().length(16),
    grantedNanos: moneyColumn(),
    /** What was not spent when the user had used `usedMarkNanos` in all. */
    remainingNanos: moneyColumn(),
    usedMarkNanos: moneyColumn(),
    /** What was taken back. */
    expiredNanos: moneyColumn().defaultRaw("0"),
    expiresAtMs: int64Column(),
    createdAtMs: int64Column(),
    /** 0 while open. */
    closedAtMs: int64Column().defaultRaw("0"),
  },
});

/**
 * Money of users. `wallets` holds the materialised balances, `key_caps` the limits and counters of keys, `leases` what relays
 * hold, `journals` how far each relay's journal is applied. All writes are raw statements in the stores beside this file.
 */
import { defineEntity, p } from "@mikro-orm/core";
import { fixedBytesColumn } from "@tollgate/kit/sql/bytes-type";
import { int64Column, moneyColumn } from "@tollgate/kit/sql/money-type";

/** One row for each user, made with the user and never removed. */
export const WalletEntity = defineEntity({
  name: "Wallet",
  tableName: "wallets",
  properties: {
    userId: p.integer().primary().autoincrement(false),
    /** Deposits minus charges. May fall below zero: settlement never fails. */
    postedNanos: moneyColumn().defaultRaw("0"),
    /** Part of posted that active leases hold. */
    heldNanos: moneyColumn().defaultRaw("0"),
    creditLimitNanos: moneyColumn().defaultRaw("0"),
    /** Sum of the cost of all settled calls. */
    usedNanos: moneyColumn().defaultRaw("0"),
    /** Settled calls. */
    requestCount: int64Column().defaultRaw("0"),
    /** Grows with every change. */
    version: int64Column().defaultRaw("0"),
  },
});

/** One row for each key, made with the key and kept after it. */
export const KeyCapEntity = defineEntity({
  name: "KeyCap",
  tableName: "key_caps",
  properties: {
    keyId: p.integer().primary().autoincrement(false),
    userId: p.integer(),
    /** False for unlimited keys, for which the counters run all the same. */
    isCapped: p.boolean(),
    /** What may be spent in all: what was used when the cap was set, plus what was left. */
    capNanos: moneyColumn().defaultRaw("0"),
    usedNanos: moneyColumn().defaultRaw("0"),
    /** Part of the cap that active leases hold. */
    heldNanos: moneyColumn().defaultRaw("0"),
    /** Seconds since 1970 of the last settled call; 0 = never. */
    accessedAt: int64Column().defaultRaw("0"),
    /** The key was deleted: no new lease. */
    isClosed: p.boolean(),
  },
});

/** Money set aside for a relay. The remainder is granted - settled - returned while active, never below zero. */
export const LeaseEntity = defineEntity({
  name: "Lease",
  tableName: "leases",
  indexes: [
    { name: "leases_user_state", properties: ["userId", "state"] },
    { name: "leases_journal_state", properties: ["journalId", "state"] },
    { name: "leases_closed", properties: ["closedAtMs"] },
  ],
  properties: {
    journalId: fixedBytesColumn(16).primary(),
    epoch: int64Column().primary(),
    leaseNo: int64Column().primary(),
    userId: p.integer(),
    /** 0 = not held on a cap. */
    keyId: p.integer(),
    grantedNanos: moneyColumn(),
    settledNanos: moneyColumn().defaultRaw("0"),
    returnedNanos: moneyColumn().defaultRaw("0"),
    /** 1 active, 2 released. */
    state: p.integer(),
    /** Why it was asked for, as in the proto; 8 more when it is for a single call. */
    reason: p.integer(),
    createdAtMs: int64Column(),
    /** 0 while active. */
    closedAtMs: int64Column().defaultRaw("0"),
  },
});

/** A relay's journal. */
export const JournalEntity = defineEntity({
  name: "Journal",
  tableName: "journals",
  properties: {
    journalId: fixedBytesColumn(16).primary(),
    /** The highest epoch that said hello; lower ones are fenced. */
    epoch: int64Column(),
    /** Sequence number of the first record that is not applied. */
    hwm: int64Column().defaultRaw("0"),
    nodeName: p.string().length(255),
    build: p.string().length(64),
    createdAtMs: int64Column(),
    lastSeenMs: int64Column(),
    /** When an operator gave it up, 0 = never. */
    forceClosedAtMs: int64Column().defaultRaw("0"),
  },
});

/** A call whose start was shipped and whose end was not: what is known of it if its relay's disk is lost. */
export const OpenCallEntity = defineEntity({
  name: "OpenCall",
  tableName: "open_calls",
  properties: {
    journalId: fixedBytesColumn(16).primary(),
    requestId: fixedBytesColumn(16).primary(),
    epoch: int64Column(),
    /** Place of the start in the journal. */
    seq: int64Column(),
    /** JSON of the start. */
    facts: p.string().length(4000),
    /** JSON of the usage up to the last checkpoint; "" = nothing was delivered yet. */
    delivered: p.string().length(1000),
  },
});

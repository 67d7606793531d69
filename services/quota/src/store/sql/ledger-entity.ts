/** The ledger (insert only), the price books (immutable) and the news between replicas. */
import { defineEntity, p } from "@mikro-orm/core";
import { fixedBytesColumn } from "@tollgate/kit/sql/bytes-type";
import { int64Column, moneyColumn } from "@tollgate/kit/sql/money-type";
import { longTextColumn } from "./long-text-type.ts";

/** A movement of money; its entries sum to zero. */
export const LedgerTxEntity = defineEntity({
  name: "LedgerTx",
  tableName: "ledger_tx",
  properties: {
    /** UUIDv7. */
    txId: fixedBytesColumn(16).primary(),
    /** "settlement", "top-up", "correction", "gift". */
    kind: p.string().length(16),
    /** The caller's request id; null for settlements, which the high-water mark protects. */
    idemKey: p.string().length(80).nullable().unique(),
    userId: p.integer(),
    /** Of settlements: the rows of the usage log with the same batch and user add up to it. */
    batchId: fixedBytesColumn(16).nullable(),
    createdAtMs: int64Column(),
    /** 0 = the system. */
    actorId: p.integer(),
    remark: p.string().length(255),
  },
});

/** One line of a movement. */
export const LedgerEntryEntity = defineEntity({
  name: "LedgerEntry",
  tableName: "ledger_entries",
  indexes: [{ name: "ledger_entries_user", properties: ["userId", "txId"] }],
  properties: {
    txId: fixedBytesColumn(16).primary(),
    line: p.integer().primary(),
    /** "user:12", "revenue", "cash", "gift", "correction". */
    accountId: p.string().length(32),
    /** The owner of a user account, 0 for the platform's. */
    userId: p.integer(),
    /** Signed; negative = charged. */
    amountNanos: moneyColumn(),
  },
});

/** One immutable price book, as the decimal texts that it is computed from. */
export const PriceVersionEntity = defineEntity({
  name: "PriceVersion",
  tableName: "price_versions",
  properties: {
    version: p.integer().primary().autoincrement(false),
    effectiveAtMs: int64Column(),
    /** JSON: which rules, which ratios. */
    payload: longTextColumn(),
  },
});

/** What a channel charges us; a channel without a row charges the list price. */
export const ChannelCostEntity = defineEntity({
  name: "ChannelCost",
  tableName: "channel_costs",
  properties: {
    channelId: p.integer().primary(),
    /** "" = every model of the channel without a row of its own. */
    model: p.string().length(160).primary(),
    /** Applied to the list price, or to `vector`. */
    multiplierPpm: int64Column(),
    /** JSON of a price in decimal texts; "" = the list price. */
    vector: longTextColumn(),
    updatedAtMs: int64Column(),
    actorId: p.integer(),
  },
});

/** News for the other replicas; rows are of interest for minutes only. */
export const ChangeEntity = defineEntity({
  name: "Change",
  tableName: "changes",
  indexes: [{ name: "changes_created", properties: ["createdAtMs"] }],
  properties: {
    id: p.integer().primary(),
    createdAtMs: int64Column(),
    /** JSON of a change: ids only. */
    payload: p.string().length(4000),
  },
});

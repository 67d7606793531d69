/** What was used: one row a call, written by the settlement, and roll-ups written in the same transaction. */
import { defineEntity, p } from "@mikro-orm/core";
import { fixedBytesColumn } from "@tollgate/kit/sql/bytes-type";
import { int64Column, moneyColumn } from "@tollgate/kit/sql/money-type";

/** A settled call. The key is a UUIDv7, so that a window of time is a range of keys, in every index as well. */
export const UsageLogEntity = defineEntity({
  name: "UsageLog",
  tableName: "usage_log",
  indexes: [{ name: "usage_log_user", properties: ["userId", "requestId"] }],
  properties: {
    requestId: fixedBytesColumn(16).primary(),
    /** The time inside the request id. */
    createdAtMs: int64Column(),
    batchId: fixedBytesColumn(16),
    userId: p.integer(),
    keyId: p.integer(),
    username: p.string().length(64),
    keyName: p.string().length(64),
    /** "group" is a reserved word. */
    userGroup: p.string().length(64),
    model: p.string().length(160),
    pricedModel: p.string().length(160),
    channelId: p.integer(),
    channelType: p.integer(),
    priceVersion: p.integer(),
    multiplierPpm: int64Column(),
    costNanos: moneyColumn(),
    /** What upstreams charge us for it, lost tries included. */
    upstreamCostNanos: moneyColumn().defaultRaw("0"),
    inputTokens: int64Column(),
    cacheReadTokens: int64Column(),
    cacheWrite5mTokens: int64Column().fieldName("cache_write_5m_tokens"),
    cacheWrite1hTokens: int64Column().fieldName("cache_write_1h_tokens"),
    outputTokens: int64Column(),
    reasoningTokens: int64Column(),
    audioInputTokens: int64Column(),
    audioOutputTokens: int64Column(),
    imageInputTokens: int64Column(),
    imageOutputTokens: int64Column(),
    calls: int64Column(),
    images: int64Column(),
    milliseconds: int64Column(),
    characters: int64Column(),
    /** All input buckets. */
    promptTokens: int64Column(),
    /** All output buckets. */
    completionTokens: int64Column(),
    basis: p.smallint(),
    status: p.smallint(),
    errorReason: p.string().length(64),
    errorMessage: p.string().length(500),
    durationMs: int64Column(),
    ttftMs: int64Column(),
    surface: p.string().length(32),
    clientIp: p.string().length(64),
    upstreamId: p.string().length(128),
    /** Bit 0 stream, bit 1 system prompt put in, bit 2 late, bit 3 cost corrected, bit 4 outdated price book, bit 5 estimated tokens. */
    flags: p.smallint(),
    /** The lease that the call's start named, in the journal of its batch; number 0 = none, or settled before this was kept. */
    leaseEpoch: int64Column().defaultRaw("0"),
    leaseNo: int64Column().defaultRaw("0"),
    /** What was reserved of it. */
    holdNanos: moneyColumn().defaultRaw("0"),
    /** What it had no money left for. */
    beyondNanos: moneyColumn().defaultRaw("0"),
  },
});

/** Which records of a journal a settlement applied. Kept for as long as released leases are. */
export const SettledBatchEntity = defineEntity({
  name: "SettledBatch",
  tableName: "settled_batches",
  indexes: [{ name: "settled_batches_journal", properties: ["journalId", "fromSeq"] }],
  properties: {
    batchId: fixedBytesColumn(16).primary(),
    journalId: fixedBytesColumn(16),
    fromSeq: int64Column(),
    /** Behind the last record. */
    nextSeq: int64Column(),
    /** How many calls it posted. */
    calls: p.integer(),
    /** Their request ids, exclusive-or. */
    callsMark: fixedBytesColumn(16),
    /** The lowest of them and the highest. */
    firstRequestId: fixedBytesColumn(16),
    lastRequestId: fixedBytesColumn(16),
  },
});

/** Tries at upstreams, for calls with more than one or with a failed one. */
export const UpstreamAttemptEntity = defineEntity({
  name: "UpstreamAttempt",
  tableName: "upstream_attempts",
  properties: {
    requestId: fixedBytesColumn(16).primary(),
    /** From 0, in order. */
    attempt: p.integer().primary(),
    channelId: p.integer(),
    status: p.smallint(),
    reason: p.string().length(64),
    elapsedMs: int64Column(),
    /** What the try cost us, whether it served or was lost. */
    upstreamCostNanos: moneyColumn().defaultRaw("0"),
  },
});

const rollUpProperties = () => ({
  userId: p.integer().primary(),
  /** Start of the hour or day (UTC), seconds since 1970. */
  atSeconds: p.integer().primary(),
  keyId: p.integer().primary(),
  model: p.string().length(160).primary(),
  channelId: p.integer().primary(),
  requests: int64Column(),
  /** Calls with an error reason. */
  errors: int64Column(),
  costNanos: moneyColumn(),
  /** What upstreams charge us, lost tries included. */
  upstreamCostNanos: moneyColumn().defaultRaw("0"),
  promptTokens: int64Column(),
  completionTokens: int64Column(),
  /** Tokens read from a prompt cache. */
  cachedTokens: int64Column(),
});

/** Sums by hour. */
export const UsageHourEntity = defineEntity({
  name: "UsageHour",
  tableName: "usage_hour",
  indexes: [{ name: "usage_hour_at", properties: ["atSeconds"] }],
  properties: rollUpProperties(),
});

/** Sums by day. */
export const UsageDayEntity = defineEntity({
  name: "UsageDay",
  tableName: "usage_day",
  indexes: [{ name: "usage_day_at", properties: ["atSeconds"] }],
  properties: rollUpProperties(),
});

import type { SqlRow, SqlValue } from "@tollgate/kit/sql/database";
import {
  bytesColumn,
  integerColumn,
  moneyColumnValue,
  textColumn,
} from "@tollgate/kit/sql/column-value";
import type { SettledCall } from "#domain/settled-call.ts";
import type { Usage } from "#domain/usage.ts";

/** Columns that nearly every call writes, in the order of {@link plainUsageValues}. */
export const plainUsageColumns = [
  "request_id",
  "created_at_ms",
  "batch_id",
  "user_id",
  "key_id",
  "username",
  "key_name",
  "user_group",
  "model",
  "priced_model",
  "channel_id",
  "channel_type",
  "price_version",
  "multiplier_ppm",
  "cost_nanos",
  "upstream_cost_nanos",
  "input_tokens",
  "cache_read_tokens",
  "output_tokens",
  "reasoning_tokens",
  "calls",
  "prompt_tokens",
  "completion_tokens",
  "basis",
  "status",
  "duration_ms",
  "ttft_ms",
  "surface",
  "client_ip",
  "upstream_id",
  "flags",
  "lease_epoch",
  "lease_no",
  "hold_nanos",
] as const;

/** The other columns and what {@link isPlainUsage} calls have in them. Binding a value costs more than anything else here. */
export const rareUsageColumns = {
  cache_write_5m_tokens: "0",
  cache_write_1h_tokens: "0",
  audio_input_tokens: "0",
  audio_output_tokens: "0",
  image_input_tokens: "0",
  image_output_tokens: "0",
  images: "0",
  milliseconds: "0",
  characters: "0",
  error_reason: "''",
  error_message: "''",
  beyond_nanos: "0",
} as const;

/** All columns of `usage_log`, in the order of {@link usageValues}. */
export const usageColumns: readonly string[] = [
  ...plainUsageColumns,
  ...Object.keys(rareUsageColumns),
];

const flags = {
  stream: 1,
  systemPromptReset: 2,
  late: 4,
  costCorrected: 8,
  priceOutdated: 16,
  estimated: 32,
} as const;

/** The bit of `flags` that says that the relay had computed another cost. */
export const costCorrectedFlag: number = flags.costCorrected;

/** True when {@link rareUsageColumns} are as they say. */
export function isPlainUsage({
  usage,
  errorReason,
  errorMessage,
  beyondNanos,
}: SettledCall): boolean {
  const rareUnits =
    usage.cacheWrite5mTokens +
    usage.cacheWrite1hTokens +
    usage.audioInputTokens +
    usage.audioOutputTokens +
    usage.imageInputTokens +
    usage.imageOutputTokens +
    usage.images +
    usage.milliseconds +
    usage.characters;
  return rareUnits === 0 && errorReason === "" && errorMessage === "" && beyondNanos === 0n;
}

/** A plain call as the values of a row. */
export function plainUsageValues(call: SettledCall): readonly SqlValue[] {
  const { usage } = call;
  return [
    call.requestId,
    call.createdAtMs,
    call.batchId,
    call.userId,
    call.keyId,
    call.username,
    call.keyName,
    call.group,
    call.model,
    call.pricedModel,
    call.channelId,
    call.channelType,
    call.priceVersion,
    call.multiplierPpm,
    call.costNanos,
    call.upstreamCostNanos,
    usage.inputTokens,
    usage.cacheReadTokens,
    usage.outputTokens,
    usage.reasoningTokens,
    usage.calls,
    call.promptTokens,
    call.completionTokens,
    call.basis,
    call.status,
    call.durationMs,
    call.ttftMs,
    call.surface,
    call.clientIp,
    call.upstreamId,
    flagsOf(call),
    call.leaseEpoch,
    call.leaseNo,
    call.holdNanos,
  ];
}

/** Any call as the values of a row. */
export function usageValues(call: SettledCall): readonly SqlValue[] {
  const { usage } = call;
  return [
    ...plainUsageValues(call),
    usage.cacheWrite5mTokens,
    usage.cacheWrite1hTokens,
    usage.audioInputTokens,
    usage.audioOutputTokens,
    usage.imageInputTokens,
    usage.imageOutputTokens,
    usage.images,
    usage.milliseconds,
    usage.characters,
    call.errorReason,
    call.errorMessage,
    call.beyondNanos,
  ];
}

/** A row of `usage_log` as a call, without its attempts, which are in a table of their own. */
export function settledCallOf(row: SqlRow): SettledCall {
  const integer = (column: string): number => integerColumn(row[column]);
  const text = (column: string): string => textColumn(row[column]);
  const bits = integer("flags");
  return {
    requestId: bytesColumn(row["request_id"]),
    createdAtMs: integer("created_at_ms"),
    batchId: bytesColumn(row["batch_id"]),
    userId: integer("user_id"),
    keyId: integer("key_id"),
    username: text("username"),
    keyName: text("key_name"),
    group: text("user_group"),
    model: text("model"),
    pricedModel: text("priced_model"),
    channelId: integer("channel_id"),
    channelType: integer("channel_type"),
    priceVersion: integer("price_version"),
    multiplierPpm: integer("multiplier_ppm"),
    costNanos: moneyColumnValue(row["cost_nanos"]),
    upstreamCostNanos: moneyColumnValue(row["upstream_cost_nanos"]),
    usage: usageOf(integer),
    promptTokens: integer("prompt_tokens"),
    completionTokens: integer("completion_tokens"),
    basis: integer("basis"),
    status: integer("status"),
    errorReason: text("error_reason"),
    errorMessage: text("error_message"),
    durationMs: integer("duration_ms"),
    ttftMs: integer("ttft_ms"),
    surface: text("surface"),
    clientIp: text("client_ip"),
    upstreamId: text("upstream_id"),
    isStream: (bits & flags.stream) !== 0,
    isSystemPromptReset: (bits & flags.systemPromptReset) !== 0,
    isEstimated: (bits & flags.estimated) !== 0,
    leaseEpoch: integer("lease_epoch"),
    leaseNo: integer("lease_no"),
    holdNanos: moneyColumnValue(row["hold_nanos"]),
    beyondNanos: moneyColumnValue(row["beyond_nanos"]),
    isLate: (bits & flags.late) !== 0,
    isCostCorrected: (bits & flags.costCorrected) !== 0,
    isPriceOutdated: (bits & flags.priceOutdated) !== 0,
    attempts: [],
  };
}

function usageOf(integer: (column: string) => number): Usage {
  return {
    inputTokens: integer("input_tokens"),
    cacheReadTokens: integer("cache_read_tokens"),
    cacheWrite5mTokens: integer("cache_write_5m_tokens"),
    cacheWrite1hTokens: integer("cache_write_1h_tokens"),
    outputTokens: integer("output_tokens"),
    reasoningTokens: integer("reasoning_tokens"),
    audioInputTokens: integer("audio_input_tokens"),
    audioOutputTokens: integer("audio_output_tokens"),
    imageInputTokens: integer("image_input_tokens"),
    imageOutputTokens: integer("image_output_tokens"),
    calls: integer("calls"),
    images: integer("images"),
    milliseconds: integer("milliseconds"),
    characters: integer("characters"),
  };
}

function flagsOf(call: SettledCall): number {
  return (
    (call.isStream ? flags.stream : 0) |
    (call.isSystemPromptReset ? flags.systemPromptReset : 0) |
    (call.isLate ? flags.late : 0) |
    (call.isCostCorrected ? flags.costCorrected : 0) |
    (call.isPriceOutdated ? flags.priceOutdated : 0) |
    (call.isEstimated ? flags.estimated : 0)
  );
}

import { create } from "@bufbuild/protobuf";
import { LogEntrySchema, LogKind as WireLogKind } from "@tollgate/proto/quota/v1/usage_service";
import type {
  AppendActivityRequest,
  GetSeriesRequest,
  LogEntry,
  LogFilter as WireLogFilter,
} from "@tollgate/proto/quota/v1/usage_service";
import { Basis } from "@tollgate/proto/type/v1/usage";
import { formatUuid, parseUuid, uuidV7Time } from "@tollgate/kit/ids/uuid-v7";
import { fault } from "#domain/faults.ts";
import { logNumber } from "#domain/log-entry.ts";
import type {
  Activity,
  LogFilter,
  LogKind,
  LogRow,
  NewActivity,
  SeriesQuery,
} from "#domain/log-entry.ts";
import type { PriceVector } from "#domain/price.ts";
import type { SettledCall } from "#domain/settled-call.ts";
import { numberFromWire, optionalIdFromWire } from "./wire-number.ts";
import { priceToWire } from "./wire-price.ts";

const wireKinds = Object.freeze({
  "top-up": WireLogKind.TOP_UP,
  consume: WireLogKind.CONSUME,
  manage: WireLogKind.MANAGE,
  system: WireLogKind.SYSTEM,
  test: WireLogKind.TEST,
}) satisfies Readonly<Record<LogKind, WireLogKind>>;

/** What is known of a settled call beside its row. */
interface CallContext {
  /** What the row's price book says; undefined when that is not known any more. */
  readonly price: PriceVector | undefined;
  /** What was given back of its cost. */
  readonly refundedNanos: bigint;
}

/** The row for the wire. */
export function logRowToWire(row: LogRow, context: CallContext): LogEntry {
  return row.source === "usage" ? callToWire(row.call, context) : activityToWire(row.activity);
}

function callToWire(call: SettledCall, { price, refundedNanos }: CallContext): LogEntry {
  return create(LogEntrySchema, {
    id: BigInt(logNumber(call.requestId)),
    kind: WireLogKind.CONSUME,
    userId: BigInt(call.userId),
    username: call.username,
    createdAtMs: BigInt(call.createdAtMs),
    keyId: BigInt(call.keyId),
    keyName: call.keyName,
    model: call.model,
    upstreamModel: call.pricedModel,
    channelId: BigInt(call.channelId),
    costNanos: call.costNanos,
    usage: call.usage,
    basis: basisToWire(call.basis),
    requestId: formatUuid(call.requestId),
    durationMs: call.durationMs,
    ttftMs: call.ttftMs,
    stream: call.isStream,
    systemPromptReset: call.isSystemPromptReset,
    group: call.group,
    status: call.status,
    errorReason: call.errorReason,
    errorMessage: call.errorMessage,
    attempts: call.attempts.map((attempt) => ({
      ...attempt,
      channelId: BigInt(attempt.channelId),
    })),
    priceVersion: BigInt(call.priceVersion),
    ...(price !== undefined && { price: priceToWire(price) }),
    multiplierPpm: BigInt(call.multiplierPpm),
    surface: call.surface,
    clientIp: call.clientIp,
    upstreamCostNanos: call.upstreamCostNanos,
    priceOutdated: call.isPriceOutdated,
    estimated: call.isEstimated,
    refundedNanos,
  });
}

/** A stored basis for the wire. */
export function basisToWire(basis: number): Basis {
  return Object.values(Basis).find((known) => known === basis) ?? Basis.UNSPECIFIED;
}

function activityToWire(activity: Activity): LogEntry {
  return create(LogEntrySchema, {
    id: BigInt(logNumber(activity.id)),
    kind: wireKinds[activity.kind],
    userId: BigInt(activity.userId),
    username: activity.username,
    createdAtMs: BigInt(uuidV7Time(activity.id)),
    content: activity.content,
    channelId: BigInt(activity.channelId),
    model: activity.model,
    durationMs: activity.durationMs,
  });
}

/** Empty fields match all. */
export function logFilterFromWire(filter: WireLogFilter | undefined): LogFilter {
  if (filter === undefined) {
    return {};
  }
  const userId = optionalIdFromWire(filter.userId);
  const channelId = optionalIdFromWire(filter.channelId);
  const kind = logKindFromWire(filter.kind);
  return {
    ...(userId !== undefined && { userId }),
    ...(kind !== undefined && { kind }),
    ...momentsFromWire(filter),
    ...(filter.username !== "" && { username: filter.username }),
    ...(filter.keyName !== "" && { keyName: filter.keyName }),
    ...(filter.model !== "" && { model: filter.model }),
    ...(channelId !== undefined && { channelId }),
    ...(filter.requestId !== "" && { requestId: requestIdFromWire(filter.requestId) }),
    ...(filter.group !== "" && { group: filter.group }),
    ...(filter.failed !== undefined && { isFailed: filter.failed }),
  };
}

export function activityFromWire(request: AppendActivityRequest): NewActivity {
  const kind = logKindFromWire(request.kind);
  if (kind === undefined || kind === "consume") {
    throw fault("ACTIVITY_INVALID");
  }
  return {
    kind,
    userId: numberFromWire(request.userId),
    content: request.content,
    channelId: numberFromWire(request.channelId),
    model: request.model,
    durationMs: request.durationMs,
  };
}

export function seriesQueryFromWire(request: GetSeriesRequest): SeriesQuery {
  const bucket = bucketFromWire(request.bucketSeconds);
  const fromSeconds = numberFromWire(request.fromSeconds);
  return {
    userId: optionalIdFromWire(request.userId),
    fromSeconds: fromSeconds - (fromSeconds % request.bucketSeconds),
    toSeconds: numberFromWire(request.toSeconds),
    bucket,
  };
}

function bucketFromWire(seconds: number): SeriesQuery["bucket"] {
  switch (seconds) {
    case 3600:
      return "hour";
    case 86_400:
      return "day";
    default:
      throw fault("LOG_FILTER_INVALID", { sentence: "A bucket has 3600 or 86400 seconds." });
  }
}

function momentsFromWire(filter: WireLogFilter) {
  const fromSeconds = numberFromWire(filter.fromSeconds);
  const toSeconds = numberFromWire(filter.toSeconds);
  return {
    ...(fromSeconds !== 0 && { fromSeconds }),
    ...(toSeconds !== 0 && { toSeconds }),
  };
}

function requestIdFromWire(text: string): Uint8Array {
  try {
    return parseUuid(text);
  } catch (error) {
    // Translates: a text that is no UUID cannot be the id of a call.
    throw fault("LOG_FILTER_INVALID", { cause: error });
  }
}

function logKindFromWire(kind: WireLogKind): LogKind | undefined {
  switch (kind) {
    case WireLogKind.UNSPECIFIED:
      return undefined;
    case WireLogKind.TOP_UP:
      return "top-up";
    case WireLogKind.CONSUME:
      return "consume";
    case WireLogKind.MANAGE:
      return "manage";
    case WireLogKind.SYSTEM:
      return "system";
    case WireLogKind.TEST:
      return "test";
    default:
      throw fault("LOG_FILTER_INVALID");
  }
}

import { type Static, Type } from "typebox";
import type { LogEntry } from "@tollgate/proto/quota/v1/usage_service";
import type { Usage } from "@tollgate/proto/type/v1/usage";
import { Basis } from "@tollgate/proto/type/v1/usage";
import { toQuotaUnits, toSafeNumber, toSeconds } from "#http/wire-number.ts";

const count = Type.Integer();
const text = Type.String();

/** How a call ended. */
const statusSchema = Type.Union([
  Type.Literal("ok"),
  Type.Literal("error"),
  Type.Literal("aborted"),
  Type.Literal("partial"),
  Type.Literal("cutoff"),
  Type.Literal("interrupted"),
]);

const attemptSchema = Type.Object({
  channel: count,
  status: count,
  reason: text,
  elapsed_ms: count,
});

const priceSchema = Type.Object({
  input_pico: Type.Integer({ description: "Pico-USD per input token." }),
  output_pico: Type.Integer({ description: "Pico-USD per output token." }),
  multiplier_ppm: count,
  version: count,
});

/** A log row as One API shows it, with this service's additions. */
export const logSchema = Type.Object({
  id: count,
  user_id: count,
  created_at: Type.Integer({ description: "Seconds since 1970." }),
  type: Type.Integer({ description: "1 top-up, 2 consumption, 3 management, 4 system, 5 test." }),
  content: text,
  username: text,
  token_name: text,
  model_name: text,
  quota: count,
  prompt_tokens: count,
  completion_tokens: count,
  channel: count,
  request_id: text,
  elapsed_time: Type.Integer({ description: "Milliseconds." }),
  is_stream: Type.Boolean(),
  system_prompt_reset: Type.Boolean(),
  status: statusSchema,
  basis: Type.String({
    description: 'How usage became known: "usage", "counted", …; "" = no call.',
  }),
  is_estimated: Type.Boolean({
    description: "Nobody counted the tokens: they were taken from the number of bytes.",
  }),
  ttft_ms: count,
  cache_read_tokens: count,
  cache_write_tokens: count,
  reasoning_tokens: count,
  group: text,
  upstream_model: text,
  cost_nano: Type.String({ description: "Nano-USD in decimal digits." }),
  refunded_nano: Type.String({ description: "What was given back of it, nano-USD." }),
  error: text,
  price: Type.Optional(priceSchema),
  attempts: Type.Optional(Type.Array(attemptSchema)),
  upstream_cost_nano: Type.Optional(
    Type.String({ description: "What upstreams charge us for it, nano-USD." }),
  ),
  price_outdated: Type.Optional(
    Type.Boolean({ description: "Its prices had been replaced ten minutes before it started." }),
  ),
});

/** A log row in JSON. */
export type LogWire = Static<typeof logSchema>;

/** The row as its owner sees it, or, with every try of the call, as an operator does. */
export function logToWire(entry: LogEntry, viewer: "owner" | "operator"): LogWire {
  const { usage } = entry;
  return {
    id: toSafeNumber(entry.id),
    user_id: toSafeNumber(entry.userId),
    created_at: toSeconds(entry.createdAtMs),
    type: entry.kind,
    content: entry.content,
    username: entry.username,
    token_name: entry.keyName,
    model_name: entry.model,
    quota: toQuotaUnits(entry.costNanos),
    prompt_tokens: usage === undefined ? 0 : sumPromptTokens(usage),
    completion_tokens: usage === undefined ? 0 : sumCompletionTokens(usage),
    channel: toSafeNumber(entry.channelId),
    request_id: entry.requestId,
    elapsed_time: entry.durationMs,
    is_stream: entry.stream,
    system_prompt_reset: entry.systemPromptReset,
    status: statusOf(entry),
    basis: basisNames[entry.basis] ?? "",
    is_estimated: entry.estimated,
    ttft_ms: entry.ttftMs,
    cache_read_tokens: usage?.cacheReadTokens ?? 0,
    cache_write_tokens: (usage?.cacheWrite5mTokens ?? 0) + (usage?.cacheWrite1hTokens ?? 0),
    reasoning_tokens: usage?.reasoningTokens ?? 0,
    group: entry.group,
    upstream_model: entry.upstreamModel,
    cost_nano: entry.costNanos.toString(),
    refunded_nano: entry.refundedNanos.toString(),
    error: entry.errorMessage || entry.errorReason,
    ...priceOf(entry),
    ...(viewer === "operator" ? operatorFieldsOf(entry) : {}),
  };
}

function sumPromptTokens(usage: Usage): number {
  return (
    usage.inputTokens +
    usage.cacheReadTokens +
    usage.cacheWrite5mTokens +
    usage.cacheWrite1hTokens +
    usage.audioInputTokens +
    usage.imageInputTokens
  );
}

function sumCompletionTokens(usage: Usage): number {
  return (
    usage.outputTokens + usage.reasoningTokens + usage.audioOutputTokens + usage.imageOutputTokens
  );
}

/** The bases as the API names them. */
export const basisNames: Readonly<Partial<Record<Basis, string>>> = {
  [Basis.USAGE]: "usage",
  [Basis.COUNTED]: "counted",
  [Basis.ABORTED]: "aborted",
  [Basis.DRAINED]: "drained",
  [Basis.PARTIAL]: "partial",
  [Basis.FAILED]: "failed",
  [Basis.CRASH]: "crash",
  [Basis.CRASH_UNDELIVERED]: "crash-undelivered",
  [Basis.CUTOFF]: "cutoff",
  [Basis.NODE_LOST]: "node-lost",
};

function statusOf({ basis, errorReason }: LogEntry): LogWire["status"] {
  switch (basis) {
    case Basis.ABORTED:
    case Basis.DRAINED:
      return "aborted";
    case Basis.PARTIAL:
      return "partial";
    case Basis.CUTOFF:
      return "cutoff";
    case Basis.CRASH:
    case Basis.NODE_LOST:
      return "interrupted";
    case Basis.FAILED:
    case Basis.CRASH_UNDELIVERED:
      return "error";
    default:
      // Normal ends, and rows that are no consumption.
      return errorReason === "" ? "ok" : "error";
  }
}

function priceOf({ price, multiplierPpm, priceVersion }: LogEntry): Pick<LogWire, "price"> {
  return price === undefined
    ? {}
    : {
        price: {
          input_pico: toSafeNumber(price.inputPicoUsd),
          output_pico: toSafeNumber(price.outputPicoUsd),
          multiplier_ppm: toSafeNumber(multiplierPpm),
          version: toSafeNumber(priceVersion),
        },
      };
}

function operatorFieldsOf(entry: LogEntry) {
  return {
    attempts: attemptsOf(entry),
    upstream_cost_nano: entry.upstreamCostNanos.toString(),
    price_outdated: entry.priceOutdated,
  };
}

function attemptsOf({ attempts }: LogEntry) {
  return attempts.map(({ channelId, status, reason, elapsedMs }) => ({
    channel: toSafeNumber(channelId),
    status,
    reason,
    elapsed_ms: elapsedMs,
  }));
}

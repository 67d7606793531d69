import { Type } from "typebox";
import type { SeriesPoint } from "@tollgate/proto/quota/v1/usage_service";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { toQuotaUnits, toSafeNumber } from "#http/wire-number.ts";

const tags = ["user"];
const hourSeconds = 3600;
const daySeconds = 86_400;
const dashboardDays = 7;

/** One API's row, with its capital letters. */
const dayRowSchema = Type.Object({
  Day: Type.String({ description: "YYYY-MM-DD, UTC." }),
  ModelName: Type.String(),
  RequestCount: Type.Integer(),
  Quota: Type.Integer(),
  PromptTokens: Type.Integer(),
  CompletionTokens: Type.Integer(),
});

const pointSchema = Type.Object({
  t: Type.Integer({ description: "Start of the bucket, seconds since 1970." }),
  model: Type.String(),
  requests: Type.Integer(),
  errors: Type.Integer(),
  quota: Type.Integer(),
  prompt_tokens: Type.Integer(),
  completion_tokens: Type.Integer(),
  cached_tokens: Type.Integer(),
});

const seriesSchema = Type.Object({
  bucket_seconds: Type.Integer(),
  points: Type.Array(pointSchema),
});

const windows = {
  "24h": { seconds: daySeconds, bucketSeconds: hourSeconds },
  "7d": { seconds: 7 * daySeconds, bucketSeconds: hourSeconds },
  "30d": { seconds: 30 * daySeconds, bucketSeconds: daySeconds },
} as const;

const seriesQuery = Type.Object({
  window: Type.Optional(Type.Union([Type.Literal("24h"), Type.Literal("7d"), Type.Literal("30d")])),
});

/** Own consumption over time. */
export function registerDashboardRoutes(api: Api, { rpc, clock }: AdminContext): void {
  const nowSeconds = (): number => Math.floor(clock.nowMs() / 1000);
  api.get(
    "/user/dashboard",
    {
      config: { access: "user" },
      schema: {
        tags,
        summary: "Own consumption of seven days by day and model",
        response: { 200: successOf(Type.Array(dayRowSchema)) },
      },
    },
    async (request) => {
      const tomorrow = (Math.floor(nowSeconds() / daySeconds) + 1) * daySeconds;
      const { points } = await rpc.usage.getSeries({
        userId: callerOf(request).user.id,
        fromSeconds: BigInt(tomorrow - dashboardDays * daySeconds),
        toSeconds: BigInt(tomorrow),
        bucketSeconds: daySeconds,
      });
      return success(withQuota(points).map(pointToDayRow));
    },
  );
  api.get(
    "/user/dashboard/series",
    {
      config: { access: "user" },
      schema: {
        tags,
        summary: "Own consumption over a window by time and model; empty buckets are absent",
        querystring: seriesQuery,
        response: { 200: successOf(seriesSchema) },
      },
    },
    async (request) => {
      const { seconds, bucketSeconds } = windows[request.query.window ?? "24h"];
      const end = (Math.floor(nowSeconds() / bucketSeconds) + 1) * bucketSeconds;
      const { points } = await rpc.usage.getSeries({
        userId: callerOf(request).user.id,
        fromSeconds: BigInt(end - seconds),
        toSeconds: BigInt(end),
        bucketSeconds,
      });
      return success({ bucket_seconds: bucketSeconds, points: withQuota(points).map(pointToWire) });
    },
  );
}

interface QuotaPoint extends SeriesPoint {
  /** Whole quota units. */
  readonly quota: number;
}

/**
 * Gives every point its quota so that all of them add up to the quota of the sum: what is cut off
 * from one point is carried to the next.
 */
function withQuota(points: readonly SeriesPoint[]): readonly QuotaPoint[] {
  let nanos = 0n;
  return points.map((point) => {
    const before = toQuotaUnits(nanos);
    nanos += point.costNanos;
    return { ...point, quota: toQuotaUnits(nanos) - before };
  });
}

function pointToDayRow(point: QuotaPoint) {
  return {
    Day: new Date(Number(point.atSeconds) * 1000).toISOString().slice(0, 10),
    ModelName: point.model,
    RequestCount: toSafeNumber(point.requests),
    Quota: point.quota,
    PromptTokens: toSafeNumber(point.promptTokens),
    CompletionTokens: toSafeNumber(point.completionTokens),
  };
}

function pointToWire(point: QuotaPoint) {
  return {
    t: toSafeNumber(point.atSeconds),
    model: point.model,
    requests: toSafeNumber(point.requests),
    errors: toSafeNumber(point.errors),
    quota: point.quota,
    prompt_tokens: toSafeNumber(point.promptTokens),
    completion_tokens: toSafeNumber(point.completionTokens),
    cached_tokens: toSafeNumber(point.cachedTokens),
  };
}

import { bigintColumn, moneyColumnValue } from "@tollgate/kit/sql/column-value";
import { integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { SqlRow } from "@tollgate/kit/sql/database";
import { addNano, ZERO } from "@tollgate/kit/money/nano-usd";
import { limitOffset } from "@tollgate/kit/sql/sql-dialect";
import { firstIdAt } from "#domain/log-entry.ts";
import type { LogFilter, LogSum, SeriesPoint, SeriesQuery } from "#domain/log-entry.ts";
import { splitWindow } from "#domain/roll-up-window.ts";
import type { WindowPart } from "#domain/roll-up-window.ts";
import type { LogDatabase } from "./log-database.ts";
import { usageCondition } from "./log-condition.ts";
import { partsOf } from "./log-sources.ts";
import type { LogSources } from "./log-sources.ts";
import { allOf } from "./sql-condition.ts";
import type { SqlCondition } from "./sql-condition.ts";

const daySeconds = 86_400;
const pointsMax = 100_000;
const nothing: LogSum = Object.freeze({ costNanos: ZERO, requests: 0, tokens: 0 });

/** Sums settled calls: from roll-ups where they know every field of the filter, else from rows. */
export async function sumLog(
  sources: LogSources,
  filter: LogFilter,
  nowMs: number,
): Promise<LogSum> {
  const isRolledUp = [
    filter.username,
    filter.keyName,
    filter.requestId,
    filter.group,
    filter.isFailed,
  ].every((field) => field === undefined);
  if (!isRolledUp) {
    return sumAllRows(sources, filter);
  }
  const parts = splitWindow(filter.fromSeconds ?? 0, windowEnd(filter, nowMs));
  const sums = await Promise.all(parts.map(async (part) => sumPart(sources, filter, part)));
  return sums.reduce(addSums, nothing);
}

/** Sums the calls that started at or after a moment. */
export async function sumLogSince(
  database: LogDatabase,
  filter: LogFilter,
  sinceMs: number,
): Promise<LogSum> {
  const { fromSeconds: _from, toSeconds: _to, ...others } = filter;
  const since = { sql: "request_id >= ?", parameters: [firstIdAt(sinceMs)] };
  return sumRows(database, allOf([since, usageCondition(others)]));
}

/** Consumption by time and model, from roll-ups. */
export async function readSeries(
  database: LogDatabase,
  query: SeriesQuery,
): Promise<readonly SeriesPoint[]> {
  const where = allOf([
    { sql: "at_seconds >= ?", parameters: [query.fromSeconds] },
    { sql: "at_seconds < ?", parameters: [query.toSeconds] },
    query.userId !== undefined && { sql: "user_id = ?", parameters: [query.userId] },
  ]);
  const rows = await database.query<SqlRow>(
    `select at_seconds, model, sum(requests) as requests, sum(errors) as errors,
       sum(cost_nanos) as cost_nanos, sum(prompt_tokens) as prompt_tokens,
       sum(completion_tokens) as completion_tokens, sum(cached_tokens) as cached_tokens
     from usage_${query.bucket} where ${where.sql}
     group by at_seconds, model order by at_seconds, model${limitOffset(pointsMax)}`,
    where.parameters,
  );
  return rows.map((row) => ({
    atSeconds: integerColumn(row["at_seconds"]),
    model: textColumn(row["model"]),
    requests: integerColumn(row["requests"]),
    errors: integerColumn(row["errors"]),
    costNanos: moneyColumnValue(row["cost_nanos"]),
    promptTokens: integerColumn(row["prompt_tokens"]),
    completionTokens: integerColumn(row["completion_tokens"]),
    cachedTokens: integerColumn(row["cached_tokens"]),
  }));
}

/** Nothing is settled in the future, so an end that lies there may be put at the end of a whole day. */
function windowEnd(filter: LogFilter, nowMs: number): number {
  const end = filter.toSeconds === undefined ? undefined : filter.toSeconds + 1;
  const nowSeconds = Math.floor(nowMs / 1000);
  return end === undefined || end > nowSeconds
    ? (Math.floor(nowSeconds / daySeconds) + 2) * daySeconds
    : end;
}

async function sumPart(sources: LogSources, filter: LogFilter, part: WindowPart): Promise<LogSum> {
  const { source, fromSeconds, toSeconds } = part;
  if (source === "row") {
    const edge = { ...filter, fromSeconds, toSeconds: toSeconds - 1 };
    return sumAllRows(sources, edge);
  }
  const where = allOf([
    { sql: "at_seconds >= ?", parameters: [fromSeconds] },
    { sql: "at_seconds < ?", parameters: [toSeconds] },
    filter.userId !== undefined && { sql: "user_id = ?", parameters: [filter.userId] },
    filter.model !== undefined && { sql: "model = ?", parameters: [filter.model] },
    filter.channelId !== undefined && { sql: "channel_id = ?", parameters: [filter.channelId] },
  ]);
  return readSum(
    sources.main,
    `select sum(requests) as requests, sum(cost_nanos) as cost_nanos,
       sum(prompt_tokens + completion_tokens) as tokens from usage_${source}`,
    where,
  );
}

/** From rows, wherever they are. */
async function sumAllRows(sources: LogSources, filter: LogFilter): Promise<LogSum> {
  const sums = await Promise.all(
    partsOf(sources, filter).map(async ({ database, usage }) =>
      sumRows(database, usageCondition(usage)),
    ),
  );
  return sums.reduce(addSums, nothing);
}

async function sumRows(database: LogDatabase, where: SqlCondition): Promise<LogSum> {
  return readSum(
    database,
    `select count(*) as requests, sum(cost_nanos) as cost_nanos,
       sum(prompt_tokens + completion_tokens) as tokens from usage_log`,
    where,
  );
}

async function readSum(
  database: LogDatabase,
  select: string,
  where: SqlCondition,
): Promise<LogSum> {
  const [row] = await database.query<SqlRow>(`${select} where ${where.sql}`, where.parameters);
  return {
    costNanos: moneyColumnValue(row?.["cost_nanos"] ?? 0),
    requests: Number(bigintColumn(row?.["requests"] ?? 0)),
    tokens: Number(bigintColumn(row?.["tokens"] ?? 0)),
  };
}

function addSums(left: LogSum, right: LogSum): LogSum {
  return {
    costNanos: addNano(left.costNanos, right.costNanos),
    requests: left.requests + right.requests,
    tokens: left.tokens + right.tokens,
  };
}

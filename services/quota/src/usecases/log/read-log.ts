import type { Clock } from "@tollgate/kit/clock/clock";
import { ZERO } from "@tollgate/kit/money/nano-usd";
import { fault } from "#domain/faults.ts";
import { checkListRange } from "#domain/list-range.ts";
import type { ListRange, Page } from "#domain/list-range.ts";
import type { LogFilter, LogRow, LogSum, SeriesPoint, SeriesQuery } from "#domain/log-entry.ts";
import { logSorts } from "#usecases/identity/identity-ports.ts";
import type { LogReader } from "#usecases/identity/identity-ports.ts";
import type { ReadOption } from "#usecases/options/read-option.ts";

/** What reading the log needs. */
export interface ReadLogPorts {
  readonly log: LogReader;
  readonly options: Pick<ReadOption, "flag">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** A sum, and the pace of the last minute. */
export interface LogSumAnswer extends LogSum {
  readonly requestsLastMinute: number;
  readonly tokensLastMinute: number;
}

/** Reads the log. */
export interface ReadLog {
  /**
   * Without consumption while option LogConsumeEnabled is off: the rows stay, because they are what charges are proved by.
   * Throws LIST_RANGE_INVALID, SORT_UNKNOWN and LOG_FILTER_INVALID.
   */
  readonly search: (filter: LogFilter, range: ListRange) => Promise<Page<LogRow>>;
  /** Only consumption counts. */
  readonly sum: (filter: LogFilter) => Promise<LogSumAnswer>;
  /** Throws LOG_FILTER_INVALID for more than 20,000 hours or days. */
  readonly series: (query: SeriesQuery) => Promise<readonly SeriesPoint[]>;
}

const lastMinuteMs = 60_000;
const textCharactersMax = 255;
const bucketsMax = 20_000;
const bucketSeconds = Object.freeze({ hour: 3600, day: 86_400 });
const nothing: LogSum = Object.freeze({ costNanos: ZERO, requests: 0, tokens: 0 });

export function createReadLog({ log, options, clock }: ReadLogPorts): ReadLog {
  return {
    search: async (filter, range) => {
      checkFilter(filter);
      const page = checkListRange(range, logSorts);
      const contentFilter = page.keyword === "" ? {} : { contentPrefix: page.keyword };
      const hasConsumption = options.flag("LogConsumeEnabled");
      return log.search({ ...filter, ...contentFilter, hasConsumption }, page);
    },
    sum: async (filter) => {
      checkFilter(filter);
      const isOtherKind = filter.kind !== undefined && filter.kind !== "consume";
      const [total, lastMinute] = isOtherKind
        ? [nothing, nothing]
        : await Promise.all([log.sum(filter), log.sumSince(filter, clock.nowMs() - lastMinuteMs)]);
      return {
        ...total,
        requestsLastMinute: lastMinute.requests,
        tokensLastMinute: lastMinute.tokens,
      };
    },
    series: async (query) => {
      const buckets = (query.toSeconds - query.fromSeconds) / bucketSeconds[query.bucket];
      if (buckets <= 0) {
        return [];
      }
      if (buckets > bucketsMax) {
        throw fault("LOG_FILTER_INVALID");
      }
      return log.readSeries(query);
    },
  };
}

function checkFilter(filter: LogFilter): void {
  const texts = [filter.username, filter.keyName, filter.model, filter.group];
  const isTextTooLong = texts.some((text) => text !== undefined && text.length > textCharactersMax);
  const isIdWrong = filter.requestId !== undefined && filter.requestId.length !== 16;
  if (isTextTooLong || isIdWrong) {
    throw fault("LOG_FILTER_INVALID");
  }
}

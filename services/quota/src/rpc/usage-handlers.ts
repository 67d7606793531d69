import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type {
  LogEntry,
  UsageService,
  WatchLogRequest,
} from "@tollgate/proto/quota/v1/usage_service";
import type { LogRow } from "#domain/log-entry.ts";
import { idText } from "#domain/settlement.ts";
import type { PriceVector } from "#domain/price.ts";
import type { AppendActivity, DeleteActivity } from "#usecases/log/append-activity.ts";
import type { ReadBillingSummary } from "#usecases/keys/read-billing-summary.ts";
import type { RefundStore } from "#usecases/payments/payment-ports.ts";
import type { ReadLog } from "#usecases/log/read-log.ts";
import type { WatchLog } from "#usecases/log/watch-log.ts";
import { listRangeFromWire } from "./wire-list.ts";
import {
  activityFromWire,
  logFilterFromWire,
  logRowToWire,
  seriesQueryFromWire,
} from "./wire-log.ts";
import { numberFromWire, optionalIdFromWire } from "./wire-number.ts";

/** The price that a version has for a model on a type of channel; undefined = none, or the version is gone. */
export type ReadPrice = (name: {
  readonly version: number;
  readonly model: string;
  readonly channelType: number;
}) => Promise<PriceVector | undefined>;

/** The use cases behind `UsageService`. */
export interface UsageUseCases {
  readonly readLog: ReadLog;
  readonly appendActivity: AppendActivity;
  readonly deleteActivity: DeleteActivity;
  readonly watchLog: WatchLog;
  readonly readBillingSummary: ReadBillingSummary;
  readonly readPrice: ReadPrice;
  readonly readRefunds: RefundStore["sumMany"];
}

/** `UsageService`, one function per RPC. */
export function createUsageHandlers(useCases: UsageUseCases): ServiceImpl<typeof UsageService> {
  const { readLog } = useCases;
  const toWire = async (row: LogRow, refundedNanos = 0n): Promise<LogEntry> =>
    logRowToWire(row, { price: await priceOf(useCases.readPrice, row), refundedNanos });
  return {
    searchLog: async ({ filter, range }) => {
      const page = await readLog.search(logFilterFromWire(filter), listRangeFromWire(range));
      const refunds = await useCases.readRefunds(page.rows.flatMap(callIdOf));
      const entries = page.rows.map(async (row) => {
        const [callId] = callIdOf(row);
        return toWire(row, callId === undefined ? undefined : refunds.get(idText(callId)));
      });
      return { entries: await Promise.all(entries), total: BigInt(page.total) };
    },
    ...createSumHandlers(readLog),
    appendActivity: async (request) => {
      await useCases.appendActivity(activityFromWire(request));
      return {};
    },
    deleteActivity: async ({ beforeSeconds }) => ({
      deleted: BigInt(await useCases.deleteActivity(numberFromWire(beforeSeconds))),
    }),
    async *watchLog({ userId }: WatchLogRequest, context: HandlerContext) {
      for await (const row of useCases.watchLog(optionalIdFromWire(userId), context.signal)) {
        yield { entry: await toWire(row) };
      }
    },
    getBillingSummary: async ({ keyId, userId }) => {
      const summary = await useCases.readBillingSummary({
        keyId: numberFromWire(keyId),
        userId: numberFromWire(userId),
      });
      return {
        ofKey: summary.isOfKey,
        unlimited: summary.isUnlimited,
        remainingNanos: summary.remainingNanos,
        usedNanos: summary.usedNanos,
        accessUntil: BigInt(summary.accessUntil),
        inCurrency: summary.isInCurrency,
      };
    },
  };
}

function createSumHandlers(
  readLog: ReadLog,
): Pick<ServiceImpl<typeof UsageService>, "sumLog" | "getSeries"> {
  return {
    sumLog: async ({ filter }) => {
      const sum = await readLog.sum(logFilterFromWire(filter));
      return {
        costNanos: sum.costNanos,
        requests: BigInt(sum.requests),
        tokens: BigInt(sum.tokens),
        requestsLastMinute: BigInt(sum.requestsLastMinute),
        tokensLastMinute: BigInt(sum.tokensLastMinute),
      };
    },
    getSeries: async (request) => {
      const points = await readLog.series(seriesQueryFromWire(request));
      return {
        points: points.map((point) => ({
          atSeconds: BigInt(point.atSeconds),
          model: point.model,
          requests: BigInt(point.requests),
          errors: BigInt(point.errors),
          costNanos: point.costNanos,
          promptTokens: BigInt(point.promptTokens),
          completionTokens: BigInt(point.completionTokens),
          cachedTokens: BigInt(point.cachedTokens),
        })),
      };
    },
  };
}

/** The id of a settled call; nothing for rows that are none. */
function callIdOf(row: LogRow): readonly Uint8Array[] {
  return row.source === "usage" ? [row.call.requestId] : [];
}

async function priceOf(readPrice: ReadPrice, row: LogRow): Promise<PriceVector | undefined> {
  if (row.source === "activity") {
    return undefined;
  }
  const { priceVersion, pricedModel, channelType } = row.call;
  return readPrice({ version: priceVersion, model: pricedModel, channelType });
}

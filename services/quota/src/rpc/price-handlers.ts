import type { ServiceImpl } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import { MarginKey as WireMarginKey } from "@tollgate/proto/quota/v1/price_service";
import type { PriceService } from "@tollgate/proto/quota/v1/price_service";
import { fault } from "#domain/faults.ts";
import { resolvePrice } from "#domain/price-book.ts";
import { exportRatios } from "#domain/price-ratios.ts";
import { formatRatioJson } from "#domain/ratio.ts";
import type { ChannelCosts } from "#usecases/prices/channel-costs.ts";
import type { MarginKey, MarginReader } from "#usecases/money-ports.ts";
import type { PriceBooks } from "#usecases/prices/price-books.ts";
import type { PricePublisher } from "#usecases/prices/price-publisher.ts";
import type { PublishPrices } from "#usecases/prices/publish-prices.ts";
import { numberFromWire } from "./wire-number.ts";
import { priceBookToWire, priceToWire, versionsToWire } from "./wire-price.ts";

/** What is behind `PriceService`. */
export interface PriceUseCases {
  readonly books: Pick<PriceBooks, "get" | "timeline">;
  readonly pricing: Pick<PricePublisher, "scheduledOptions">;
  readonly publishPrices: PublishPrices;
  readonly costs: Pick<ChannelCosts, "list" | "set">;
  readonly margins: MarginReader;
  readonly clock: Pick<Clock, "nowMs">;
}

const modelCharactersMax = 160;
const versionsDefault = 50;
const versionsMax = 500;
const daySeconds = 86_400;

/** `PriceService`, one function per RPC. */
export function createPriceHandlers(useCases: PriceUseCases): ServiceImpl<typeof PriceService> {
  const { books } = useCases;
  return {
    getPriceBook: async ({ version }) => ({
      book: priceBookToWire(await books.get(numberFromWire(version))),
    }),
    resolvePrice: async ({ version, model, channelType }) => {
      if (model.length === 0 || model.length > modelCharactersMax) {
        throw fault("REQUEST_INVALID");
      }
      const book = await books.get(numberFromWire(version));
      const price = resolvePrice(book, model, channelType);
      return {
        version: BigInt(book.version),
        ...(price !== undefined && { price: priceToWire(price) }),
      };
    },
    ...createPublicationHandlers(useCases),
    ...createCostHandlers(useCases),
  };
}

function createPublicationHandlers({
  books,
  pricing,
  publishPrices,
  clock,
}: PriceUseCases): Pick<
  ServiceImpl<typeof PriceService>,
  "listPriceVersions" | "publishPrices" | "exportRatios"
> {
  return {
    listPriceVersions: async ({ limit }) => {
      const count = Math.min(limit === 0 ? versionsDefault : limit, versionsMax);
      const timeline = books.timeline();
      const shown = timeline.versions.slice(0, count).map(({ version }) => version);
      const scheduled = await pricing.scheduledOptions(shown);
      return { versions: versionsToWire(timeline, { shown, scheduled, nowMs: clock.nowMs() }) };
    },
    publishPrices: async ({ options, effectiveAtMs, actorId }) => ({
      version: BigInt(
        await publishPrices({
          options,
          effectiveAtMs: numberFromWire(effectiveAtMs),
          actorId: numberFromWire(actorId),
        }),
      ),
    }),
    exportRatios: async () => {
      const book = await books.get(0);
      const ratios = exportRatios(book);
      return {
        version: BigInt(book.version),
        modelRatio: formatRatioJson(ratios.modelRatio),
        completionRatio: formatRatioJson(ratios.completionRatio),
        groupRatio: formatRatioJson(ratios.groupRatio),
        unsayable: ratios.unsayable.map(({ model, channelType, parts }) => ({
          model,
          channelType,
          parts: [...parts],
        })),
      };
    },
  };
}

function createCostHandlers({
  costs,
  margins,
  clock,
}: PriceUseCases): Pick<
  ServiceImpl<typeof PriceService>,
  "listChannelCosts" | "setChannelCosts" | "getMargin"
> {
  return {
    listChannelCosts: ({ channelId }) => ({
      costs: costs.list(numberFromWire(channelId)).map(({ model, multiplierPpm, priceJson }) => ({
        model,
        multiplierPpm: BigInt(multiplierPpm),
        priceJson,
      })),
    }),
    setChannelCosts: async (request) => {
      await costs.set({
        channelId: numberFromWire(request.channelId),
        actorId: numberFromWire(request.actorId),
        costs: request.costs.map(({ model, multiplierPpm, priceJson }) => ({
          model,
          multiplierPpm: numberFromWire(multiplierPpm),
          priceJson,
        })),
      });
      return {};
    },
    getMargin: async ({ fromSeconds, toSeconds, by }) => {
      const to = numberFromWire(toSeconds);
      const rows = await margins.readMargin({
        fromSeconds: startOfDay(numberFromWire(fromSeconds)),
        toSeconds: startOfDay(to === 0 ? Math.floor(clock.nowMs() / 1000) : to),
        by: marginKeyFromWire(by),
      });
      return {
        rows: rows.map(({ id, name, requests, costNanos, upstreamCostNanos }) => ({
          id: BigInt(id),
          name,
          requests: BigInt(requests),
          costNanos,
          upstreamCostNanos,
        })),
      };
    },
  };
}

function startOfDay(seconds: number): number {
  return seconds - (seconds % daySeconds);
}

function marginKeyFromWire(key: WireMarginKey): MarginKey {
  switch (key) {
    case WireMarginKey.CHANNEL:
      return "channel";
    case WireMarginKey.MODEL:
      return "model";
    case WireMarginKey.USER:
      return "user";
    default:
      throw fault("REQUEST_INVALID");
  }
}

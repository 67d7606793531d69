import type { ConnectRouter } from "@connectrpc/connect";
import { MarginKey, PriceService } from "@tollgate/proto/quota/v1/price_service";
import type { ChannelCost, PublishPricesRequest } from "@tollgate/proto/quota/v1/price_service";
import { fakeFaults } from "./fake-faults.ts";

/** Quota's prices in memory. */
export interface FakePrices {
  readonly costs: Map<bigint, readonly ChannelCost[]>;
  readonly published: PublishPricesRequest[];
  routes(router: ConnectRouter): void;
}

/** One model, one margin, and whatever is published. */
export function createFakePrices(): FakePrices {
  const prices: FakePrices = {
    costs: new Map(),
    published: [],
    routes(router) {
      router.service(PriceService, {
        resolvePrice: ({ model }) =>
          model === "gpt"
            ? {
                version: 3n,
                price: {
                  inputPicoUsd: 37_500n,
                  outputPicoUsd: 2_000_000n,
                  millisecondPicoUsd: 100_000n,
                  imagePicoUsd: 40_000_000_000n,
                  tiers: [{ abovePromptTokens: 200_000n, price: { inputPicoUsd: 75_000n } }],
                },
              }
            : { version: 3n },
        listPriceVersions: ({ limit }) => ({
          versions: [
            { version: 2n, effectiveAtMs: 2_000_000n, scheduledOptions: ["GroupRatio"] },
            { version: 1n, effectiveAtMs: 1_000_000n, current: true },
          ].slice(0, limit === 0 ? 2 : limit),
        }),
        publishPrices(request) {
          if ("QuotaPerUnit" in request.options) {
            throw fakeFaults.fault("OPTION_UNKNOWN");
          }
          prices.published.push(request);
          return { version: BigInt(prices.published.length + 2) };
        },
        exportRatios: () => ({
          modelRatio: '{"gpt": 0.01875}',
          completionRatio: "{}",
          groupRatio: '{"default": 1}',
          unsayable: [{ model: "gpt", parts: ["tiers"] }],
          version: 3n,
        }),
        listChannelCosts: ({ channelId }) => ({ costs: [...(prices.costs.get(channelId) ?? [])] }),
        setChannelCosts({ channelId, costs }) {
          prices.costs.set(channelId, costs);
          return {};
        },
        getMargin: ({ by, fromSeconds }) => ({
          rows: [
            {
              id: by === MarginKey.MODEL ? 0n : 7n,
              name: by === MarginKey.CHANNEL ? "" : "name",
              requests: fromSeconds,
              costNanos: 500n,
              upstreamCostNanos: 700n,
            },
          ],
        }),
      });
    },
  };
  return prices;
}

import { Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { toSafeNumber } from "#http/wire-number.ts";
import { priceSchema, priceToWire } from "./price-wire.ts";

const modelCharactersMax = 160;
const channelTypeMax = 100_000;

const modelPriceSchema = Type.Object({
  model: Type.String(),
  version: Type.Integer({ description: "The price book that says so." }),
  price: Type.Union([priceSchema, Type.Null()], {
    description: "Before the multipliers of groups and users; null = calls of it are refused.",
  }),
});

/** What a model costs. */
export function registerModelPriceRoutes(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/price/",
    {
      config: { access: "user" },
      schema: {
        tags: ["price"],
        summary: "What a model costs now",
        querystring: Type.Object({
          model: Type.String({ minLength: 1, maxLength: modelCharactersMax }),
          channel_type: Type.Optional(Type.Integer({ minimum: 0, maximum: channelTypeMax })),
        }),
        response: { 200: successOf(modelPriceSchema) },
      },
    },
    async ({ query }) => {
      const { price, version } = await rpc.prices.resolvePrice({
        model: query.model,
        channelType: query.channel_type ?? 0,
      });
      return success({
        model: query.model,
        version: toSafeNumber(version),
        price: price === undefined ? null : priceToWire(price),
      });
    },
  );
}

import { type Static, Type } from "typebox";
import type { ChannelCost } from "@tollgate/proto/quota/v1/price_service";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import type { Api } from "#http/api.ts";
import { done, doneSchema, success, successOf } from "#http/envelope.ts";
import { toSafeNumber } from "#http/wire-number.ts";

const tags = ["price"];
const costsMax = 500;
const modelCharactersMax = 160;
const ppmOne = 1_000_000;
const ppmMax = 1_000_000_000;

const params = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: "The channel." }),
});

// Quota reads it to the last digit, and says what is wrong with it.
const priceSchema = Type.Record(Type.String({ maxLength: 32 }), Type.Unknown(), {
  description: "A price of its own, in the words of option ModelPrice; absent = the list price.",
});

const costSchema = Type.Object({
  model: Type.Optional(
    Type.String({
      maxLength: modelCharactersMax,
      description: "The model as the channel knows it; absent = all without a cost of their own.",
    }),
  ),
  multiplier_ppm: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: ppmMax,
      description: "Of the list price, or of `price`; 1000000 = all of it.",
    }),
  ),
  price: Type.Optional(priceSchema),
});

const costsSchema = Type.Object({ costs: Type.Array(costSchema, { maxItems: costsMax }) });

function costToWire({ model, multiplierPpm, priceJson }: ChannelCost): Static<typeof costSchema> {
  const cost = { model, multiplier_ppm: toSafeNumber(multiplierPpm) };
  return priceJson === "" ? cost : { ...cost, price: JSON.parse(priceJson) };
}

/** What channels charge us. A channel without costs charges the list price. */
export function registerChannelCostRoutes(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/channel_cost/:id",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "What a channel charges us",
        params,
        response: { 200: successOf(costsSchema) },
      },
    },
    async (request) => {
      const { costs } = await rpc.prices.listChannelCosts({
        channelId: BigInt(request.params.id),
      });
      return success({
        costs: costs.map(costToWire),
      });
    },
  );
  api.put(
    "/channel_cost/:id",
    {
      config: { access: "admin" },
      schema: {
        tags,
        summary: "Replace what a channel charges us, for calls that are settled from now on",
        params,
        body: costsSchema,
        response: { 200: doneSchema },
      },
    },
    async (request) => {
      await rpc.prices.setChannelCosts({
        channelId: BigInt(request.params.id),
        actorId: callerOf(request).user.id,
        costs: request.body.costs.map(({ model, multiplier_ppm: ppm, price }) => ({
          model: model ?? "",
          multiplierPpm: BigInt(ppm ?? ppmOne),
          priceJson: price === undefined ? "" : JSON.stringify(price),
        })),
      });
      return done();
    },
  );
}

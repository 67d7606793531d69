import { Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { toSafeNumber } from "#http/wire-number.ts";

const ratiosSchema = Type.Object({
  version: Type.Integer({ description: "The price book that was read." }),
  ModelRatio: Type.String({ description: "A JSON object of numbers, as One API's option." }),
  CompletionRatio: Type.String({ description: "A JSON object of numbers, as One API's option." }),
  GroupRatio: Type.String({ description: "A JSON object of numbers, as One API's option." }),
  unsayable: Type.Array(
    Type.Object({
      model: Type.String(),
      channel_type: Type.Integer({ description: "0 = any." }),
      parts: Type.Array(Type.String(), { description: "What the ratios leave out." }),
    }),
    { description: "Models whose price ratios cannot say whole; an import keeps the rest of it." },
  ),
});

/** Prices in One API's words. To read them back: option by option, or all at once as a new version. */
export function registerRatioRoutes(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/price/ratios",
    {
      config: { access: "admin" },
      schema: {
        tags: ["price"],
        summary: "Every price as One API's ratios",
        response: { 200: successOf(ratiosSchema) },
      },
    },
    async () => {
      const exported = await rpc.prices.exportRatios({});
      return success({
        version: toSafeNumber(exported.version),
        ModelRatio: exported.modelRatio,
        CompletionRatio: exported.completionRatio,
        GroupRatio: exported.groupRatio,
        unsayable: exported.unsayable.map(({ model, channelType, parts }) => ({
          model,
          channel_type: channelType,
          parts,
        })),
      });
    },
  );
}

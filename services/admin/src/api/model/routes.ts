import { Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";

/** The models that channel types are known to have. */
export function registerModelRoutes(api: Api, { channelTypes }: AdminContext): void {
  api.get(
    "/models",
    {
      config: { access: "user" },
      schema: {
        tags: ["model"],
        summary: "Known models by channel type",
        response: { 200: successOf(Type.Record(Type.String(), Type.Array(Type.String()))) },
      },
    },
    async () => {
      const types = await channelTypes.list();
      return success(Object.fromEntries(types.map(({ id, models }) => [String(id), models])));
    },
  );
}

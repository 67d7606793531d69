import { Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";

const defaultGroup = "default";

/** The groups that have a ratio, for admins. */
export function registerGroupRoutes(api: Api, { options }: AdminContext): void {
  api.get(
    "/group/",
    {
      config: { access: "admin" },
      schema: {
        tags: ["group"],
        summary: "Names of the groups",
        response: { 200: successOf(Type.Array(Type.String())) },
      },
    },
    async () => {
      const ratios: unknown = JSON.parse((await options.read()).text("GroupRatio", "{}"));
      const names = typeof ratios === "object" && ratios !== null ? Object.keys(ratios) : [];
      return success(names.length === 0 ? [defaultGroup] : names.sort());
    },
  );
}

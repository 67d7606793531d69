import { Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import { roles } from "#auth/roles.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { limits } from "#limits.ts";
import { explanationSchema, explanationToWire } from "./explain-wire.ts";

const everybody = 0n;

/** How the amount of a call came about: customers ask for their own calls, operators for all. */
export function registerLogExplainRoutes(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/log/:request_id/explain",
    {
      config: { access: "user" },
      schema: {
        tags: ["log"],
        summary: "How the amount of a call came about, line by line and exactly",
        params: Type.Object({ request_id: Type.String({ maxLength: limits.textLengthMax }) }),
        response: { 200: successOf(explanationSchema) },
      },
    },
    async (request) => {
      const { user } = callerOf(request);
      const isOperator = user.role >= roles.admin;
      const explanation = await rpc.explanations.explainCall({
        requestId: request.params.request_id,
        userId: isOperator ? everybody : user.id,
      });
      return success(explanationToWire(explanation, isOperator ? "operator" : "owner"));
    },
  );
}

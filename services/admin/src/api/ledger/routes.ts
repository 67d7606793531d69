import { Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { toSafeNumber } from "#http/wire-number.ts";

const checkSchema = Type.Object({
  violations: Type.Array(Type.String(), {
    description: "One sentence each; empty = all sums hold.",
  }),
  usage_cost_nano: Type.String({ description: "Sum of the cost of all usage rows, nano-USD." }),
  usage_rows: Type.Integer(),
  held_nano: Type.String({ description: "Sum of what relays hold, nano-USD." }),
});

/** The books, for root. */
export function registerLedgerRoutes(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/ledger/check",
    {
      config: { access: "root" },
      schema: {
        tags: ["ledger"],
        summary: "Recompute every sum that must hold",
        response: { 200: successOf(checkSchema) },
      },
    },
    async () => {
      const check = await rpc.wallets.checkLedger({});
      return success({
        violations: check.violations,
        usage_cost_nano: check.usageCostNanos.toString(),
        usage_rows: toSafeNumber(check.usageRows),
        held_nano: check.heldNanos.toString(),
      });
    },
  );
}

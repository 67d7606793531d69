import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { registerRedemptionReadRoutes } from "./read-routes.ts";
import { registerRedemptionWriteRoutes } from "./write-routes.ts";

/** Everything below /api/redemption, for admins. */
export function registerRedemptionRoutes(api: Api, context: AdminContext): void {
  registerRedemptionReadRoutes(api, context);
  registerRedemptionWriteRoutes(api, context);
}

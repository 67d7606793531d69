import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { registerChannelCostRoutes } from "./channel-cost-routes.ts";
import { registerMarginRoutes } from "./margin-routes.ts";
import { registerModelPriceRoutes } from "./model-price-routes.ts";
import { registerRatioRoutes } from "./ratio-routes.ts";
import { registerVersionRoutes } from "./version-routes.ts";

/** Everything below /api/price, and what calls cost us. */
export function registerPriceRoutes(api: Api, context: AdminContext): void {
  registerModelPriceRoutes(api, context);
  registerVersionRoutes(api, context);
  registerRatioRoutes(api, context);
  registerChannelCostRoutes(api, context);
  registerMarginRoutes(api, context);
}

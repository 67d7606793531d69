import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { registerLogExplainRoutes } from "./explain-routes.ts";
import { registerLogReadRoutes } from "./read-routes.ts";
import { registerLogStatRoutes } from "./stat-routes.ts";

/** Everything below /api/log. */
export function registerLogRoutes(api: Api, context: AdminContext): void {
  registerLogReadRoutes(api, context);
  registerLogStatRoutes(api, context);
  registerLogExplainRoutes(api, context);
}

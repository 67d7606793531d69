import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { registerReRateRoutes } from "./re-rate-routes.ts";
import { registerStatementRoutes } from "./statement-routes.ts";

/** Everything below /api/report, and one's own statement. */
export function registerReportRoutes(api: Api, context: AdminContext): void {
  registerReRateRoutes(api, context);
  registerStatementRoutes(api, context);
}

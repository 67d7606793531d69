import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { registerDashboardRoutes } from "./dashboard-routes.ts";
import { registerUserListRoutes } from "./list-routes.ts";
import { registerLoginRoutes } from "./login-routes.ts";
import { registerUserManageRoutes } from "./manage-routes.ts";
import { registerSelfRoutes } from "./self-routes.ts";
import { registerWalletRoutes } from "./wallet-routes.ts";
import { registerUserWriteRoutes } from "./write-routes.ts";

/** Everything below /api/user. */
export function registerUserRoutes(api: Api, context: AdminContext): void {
  registerLoginRoutes(api, context);
  registerSelfRoutes(api, context);
  registerWalletRoutes(api, context);
  registerDashboardRoutes(api, context);
  registerUserListRoutes(api, context);
  registerUserWriteRoutes(api, context);
  registerUserManageRoutes(api, context);
}

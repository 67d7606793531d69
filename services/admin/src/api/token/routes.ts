import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { registerTokenReadRoutes } from "./read-routes.ts";
import { registerTokenWriteRoutes } from "./write-routes.ts";

/** Everything below /api/token: the keys of the caller, never anybody else's. */
export function registerTokenRoutes(api: Api, context: AdminContext): void {
  registerTokenReadRoutes(api, context);
  registerTokenWriteRoutes(api, context);
}

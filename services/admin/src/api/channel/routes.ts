import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { registerChannelBatchRoutes } from "./batch-routes.ts";
import { registerChannelCatalogueRoutes } from "./catalogue-routes.ts";
import { registerChannelJobRoutes } from "./job-routes.ts";
import { registerChannelProbeRoutes } from "./probe-routes.ts";
import { registerChannelReadRoutes } from "./read-routes.ts";
import { registerChannelWriteRoutes } from "./write-routes.ts";

/** Everything below /api/channel. */
export function registerChannelRoutes(api: Api, context: AdminContext): void {
  registerChannelReadRoutes(api, context);
  registerChannelWriteRoutes(api, context);
  registerChannelBatchRoutes(api, context);
  registerChannelProbeRoutes(api, context);
  registerChannelJobRoutes(api, context);
  registerChannelCatalogueRoutes(api, context);
}

import type { AdminContext } from "#admin-context.ts";
import type { Api } from "#http/api.ts";
import { registerChannelRoutes } from "./channel/routes.ts";
import { registerGroupRoutes } from "./group/routes.ts";
import { registerJobRoutes } from "./job/routes.ts";
import { registerLeaseRoutes } from "./lease/routes.ts";
import { registerLedgerRoutes } from "./ledger/routes.ts";
import { registerLogRoutes } from "./log/routes.ts";
import { registerModelRoutes } from "./model/routes.ts";
import { registerOptionRoutes } from "./option/routes.ts";
import { registerPaymentRoutes } from "./payment/routes.ts";
import { registerPriceRoutes } from "./price/routes.ts";
import { registerReconcileRoutes } from "./reconcile/routes.ts";
import { registerRedemptionRoutes } from "./redemption/routes.ts";
import { registerRefundRoutes } from "./refund/routes.ts";
import { registerReportRoutes } from "./report/routes.ts";
import { registerSetupRoutes } from "./setup/routes.ts";
import { registerStatusRoutes } from "./status/routes.ts";
import { registerStreamRoutes } from "./stream/routes.ts";
import { registerTokenRoutes } from "./token/routes.ts";
import { registerTopUpRoutes } from "./topup/routes.ts";
import { registerUserRoutes } from "./user/routes.ts";

/** Every route below /api, a folder for each resource. */
export function registerRoutes(api: Api, context: AdminContext): void {
  registerStatusRoutes(api, context);
  registerSetupRoutes(api, context);
  registerUserRoutes(api, context);
  registerTokenRoutes(api, context);
  registerChannelRoutes(api, context);
  registerLogRoutes(api, context);
  registerOptionRoutes(api, context);
  registerGroupRoutes(api, context);
  registerTopUpRoutes(api, context);
  registerPriceRoutes(api, context);
  registerRedemptionRoutes(api, context);
  registerPaymentRoutes(api, context);
  registerRefundRoutes(api, context);
  registerLedgerRoutes(api, context);
  registerReconcileRoutes(api, context);
  registerReportRoutes(api, context);
  registerLeaseRoutes(api, context);
  registerJobRoutes(api, context);
  registerModelRoutes(api, context);
  registerStreamRoutes(api, context);
}

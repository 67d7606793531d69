import type { ConnectRouter } from "@connectrpc/connect";
import { PaymentService } from "@tollgate/proto/quota/v1/payment_service";
import { RedemptionService } from "@tollgate/proto/quota/v1/redemption_service";
import { RefundService } from "@tollgate/proto/quota/v1/refund_service";
import { createPaymentHandlers } from "./payment-handlers.ts";
import type { PostPaymentUseCases } from "./payment-handlers.ts";
import { createRedemptionHandlers } from "./redemption-handlers.ts";
import type { RedemptionUseCases } from "./redemption-handlers.ts";
import { createRefundHandlers } from "./refund-handlers.ts";
import type { RefundUseCases } from "./refund-handlers.ts";

/** Every use case of money coming in and going back. */
export type PaymentUseCases = RedemptionUseCases & PostPaymentUseCases & RefundUseCases;

/** Adds the services of payments to a router. */
export function paymentRoutes(router: ConnectRouter, useCases: PaymentUseCases): void {
  router.service(RedemptionService, createRedemptionHandlers(useCases));
  router.service(PaymentService, createPaymentHandlers(useCases));
  router.service(RefundService, createRefundHandlers(useCases));
}

import type { ServiceImpl } from "@connectrpc/connect";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { PaymentKind as WireKind } from "@tollgate/proto/quota/v1/payment_service";
import type { PaymentService } from "@tollgate/proto/quota/v1/payment_service";
import { fault } from "#domain/faults.ts";
import type { PaymentNews, PostPayment } from "#usecases/payments/post-payment.ts";
import { numberFromWire } from "./wire-number.ts";

/** The use case behind `PaymentService`. */
export interface PostPaymentUseCases {
  readonly postPayment: PostPayment;
}

/** `PaymentService`, one function per RPC. */
export function createPaymentHandlers({
  postPayment,
}: PostPaymentUseCases): ServiceImpl<typeof PaymentService> {
  return {
    postPayment: async ({ provider, eventId, paymentId, userId, amountNanos, kind }) => {
      const { isApplied, receivedAtMs } = await postPayment({
        provider,
        eventId,
        paymentId,
        userId: numberFromWire(userId),
        amountNanos: nanoUsd(amountNanos),
        kind: kindFromWire(kind),
      });
      return { applied: isApplied, receivedAtMs: BigInt(receivedAtMs) };
    },
  };
}

function kindFromWire(kind: WireKind): PaymentNews["kind"] {
  switch (kind) {
    case WireKind.PAID:
      return "paid";
    case WireKind.REFUNDED:
      return "refunded";
    default:
      throw fault("PAYMENT_INVALID");
  }
}

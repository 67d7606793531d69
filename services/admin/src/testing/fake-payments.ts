import { create } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import type { PostPaymentRequest } from "@tollgate/proto/quota/v1/payment_service";
import { PaymentService } from "@tollgate/proto/quota/v1/payment_service";
import type { RedemptionCode } from "@tollgate/proto/quota/v1/redemption_service";
import {
  CodeStatus,
  RedemptionCodeSchema,
  RedemptionService,
} from "@tollgate/proto/quota/v1/redemption_service";
import type { RefundCallRequest, WriteOffRequest } from "@tollgate/proto/quota/v1/refund_service";
import { RefundService } from "@tollgate/proto/quota/v1/refund_service";
import { fakeFaults } from "./fake-faults.ts";

/** Payments in memory. */
export interface FakePayments {
  readonly codes: Map<bigint, RedemptionCode>;
  readonly events: PostPaymentRequest[];
  readonly refunds: RefundCallRequest[];
  readonly writeOffs: WriteOffRequest[];
  /** Who owns the only call that can be refunded. */
  callOwner: bigint;
  routes(router: ConnectRouter): void;
}

/** Makes payments without codes and events. */
export function createFakePayments(): FakePayments {
  const payments: FakePayments = {
    codes: new Map(),
    events: [],
    refunds: [],
    writeOffs: [],
    callOwner: 0n,
    routes(router) {
      registerCodes(router, payments);
      registerEvents(router, payments);
      registerRefunds(router, payments);
    },
  };
  return payments;
}

function registerCodes(router: ConnectRouter, { codes }: FakePayments): void {
  const find = (id: bigint): RedemptionCode => {
    const code = codes.get(id);
    if (code === undefined) {
      throw fakeFaults.fault("CODE_UNKNOWN");
    }
    return code;
  };
  router.service(RedemptionService, {
    createCodes(request) {
      const made = Array.from({ length: request.count }, () => {
        const id = BigInt(codes.size + 1);
        const { creatorId, name, amountNanos, creditSeconds, expiresAt } = request;
        const status = CodeStatus.ENABLED;
        const code = create(RedemptionCodeSchema, {
          id,
          creatorId,
          name,
          amountNanos,
          creditSeconds,
          expiresAt,
          status,
          code: String(id).padStart(32, "0"),
          batchId: "00000000-0000-7000-8000-000000000000",
        });
        codes.set(id, code);
        return code.code;
      });
      return { codes: made, batchId: "00000000-0000-7000-8000-000000000000" };
    },
    listCodes({ range, status }) {
      const all = [...codes.values()].filter(
        (code) => status === CodeStatus.UNSPECIFIED || code.status === status,
      );
      const named = all.filter(({ name }) => name.startsWith(range?.keyword ?? ""));
      return { codes: named.toReversed(), total: BigInt(named.length) };
    },
    getCode: ({ id }) => ({ code: find(id) }),
    updateCode({ id, name, status, amountNanos, expiresAt }) {
      const code = find(id);
      code.name = name ?? code.name;
      code.status = status ?? code.status;
      code.amountNanos = amountNanos ?? code.amountNanos;
      code.expiresAt = expiresAt ?? code.expiresAt;
      return { code };
    },
    deleteCode({ id }) {
      find(id);
      codes.delete(id);
      return {};
    },
    redeemCode({ userId, code: text }) {
      const code = [...codes.values()].find((candidate) => candidate.code === text.trim());
      if (code === undefined) {
        throw fakeFaults.fault("CODE_UNKNOWN");
      }
      code.status = CodeStatus.USED;
      code.redeemerId = userId;
      return { amountNanos: code.amountNanos };
    },
  });
}

function registerEvents(router: ConnectRouter, { events }: FakePayments): void {
  router.service(PaymentService, {
    postPayment(request) {
      const earlier = events.find(({ eventId }) => eventId === request.eventId);
      if (earlier !== undefined && earlier.amountNanos !== request.amountNanos) {
        throw fakeFaults.fault("PAYMENT_CONFLICT");
      }
      if (earlier === undefined) {
        events.push(request);
      }
      return { applied: earlier === undefined, receivedAtMs: 5n };
    },
  });
}

function registerRefunds(router: ConnectRouter, payments: FakePayments): void {
  router.service(RefundService, {
    getCharge: () => ({ userId: payments.callOwner, costNanos: 1000n, refundedNanos: 0n }),
    refundCall(request) {
      payments.refunds.push(request);
      const amountNanos = request.amountNanos ?? 1000n;
      return { userId: payments.callOwner, amountNanos, refundedNanos: amountNanos, applied: true };
    },
    writeOff(request) {
      payments.writeOffs.push(request);
      return { amountNanos: 70n, applied: true };
    },
  });
}

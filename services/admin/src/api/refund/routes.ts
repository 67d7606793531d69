import { createHash, randomUUID } from "node:crypto";
import { type Static, Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import { findManagedUser } from "#api/user/find-user.ts";
import { callerOf } from "#auth/caller.ts";
import { adminFaults } from "#faults.ts";
import type { Api } from "#http/api.ts";
import { success, successOf } from "#http/envelope.ts";
import { idempotencyHeaders } from "#http/idempotency-headers.ts";
import { parseUsd } from "#http/usd-amount.ts";
import { toSafeNumber } from "#http/wire-number.ts";
import { presentFields } from "#rpc/present-fields.ts";

const reason = Type.String({ minLength: 1, maxLength: 200, description: "Shown in the log." });

const refundBody = Type.Object({
  request_id: Type.String({ maxLength: 64, description: "The call, as the log names it." }),
  amount: Type.Optional(
    Type.String({ maxLength: 32, description: "Dollars as a text; absent = all that is left." }),
  ),
  amount_nano: Type.Optional(
    Type.String({ maxLength: 20, description: "Nano-USD in digits, instead of amount." }),
  ),
  reason,
});

const refundedSchema = Type.Object({
  user_id: Type.Integer(),
  amount_nano: Type.String({ description: "Given back by this refund." }),
  refunded_nano: Type.String({ description: "Given back by all refunds of the call." }),
});

const writeOffBody = Type.Object({
  user_id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  reason,
});

/** Giving money up, for admins: what a call cost, and debts. */
export function registerRefundRoutes(api: Api, context: AdminContext): void {
  registerRefund(api, context);
  registerWriteOff(api, context);
}

function registerRefund(api: Api, { rpc, userCache }: AdminContext): void {
  api.post(
    "/refund",
    {
      config: { access: "admin" },
      schema: {
        tags: ["refund"],
        summary: "Give back what a call cost, or a part of it",
        headers: idempotencyHeaders,
        body: refundBody,
        response: { 200: successOf(refundedSchema) },
      },
    },
    async (request) => {
      const { user: actor } = callerOf(request);
      const { request_id: requestId, reason: why } = request.body;
      const charge = await rpc.refunds.getCharge({ requestId });
      const target = await findManagedUser(rpc, actor, { id: charge.userId });
      const refund = await rpc.refunds.refundCall({
        requestId,
        ...presentFields({ amountNanos: readAmount(request.body) }),
        reason: why,
        actorId: actor.id,
        actorName: actor.username,
        idempotencyKey: keyOf(
          `refund ${actor.id} ${requestId}`,
          request.headers["idempotency-key"],
        ),
      });
      userCache.forget(target.id);
      return success({
        user_id: toSafeNumber(refund.userId),
        amount_nano: refund.amountNanos.toString(),
        refunded_nano: refund.refundedNanos.toString(),
      });
    },
  );
}

function registerWriteOff(api: Api, { rpc, userCache }: AdminContext): void {
  api.post(
    "/write_off",
    {
      config: { access: "admin" },
      schema: {
        tags: ["refund"],
        summary: "Lift a balance below zero to zero",
        headers: idempotencyHeaders,
        body: writeOffBody,
        response: { 200: successOf(Type.Object({ amount_nano: Type.String() })) },
      },
    },
    async (request) => {
      const { user: actor } = callerOf(request);
      const target = await findManagedUser(rpc, actor, { id: BigInt(request.body.user_id) });
      const { amountNanos } = await rpc.refunds.writeOff({
        userId: target.id,
        reason: request.body.reason,
        actorId: actor.id,
        actorName: actor.username,
        idempotencyKey: keyOf(
          `write-off ${actor.id} ${target.id}`,
          request.headers["idempotency-key"],
        ),
      });
      userCache.forget(target.id);
      return success({ amount_nano: amountNanos.toString() });
    },
  );
}

function readAmount(body: Static<typeof refundBody>): bigint | undefined {
  const { amount, amount_nano: nanos } = body;
  if (amount === undefined && nanos === undefined) {
    return undefined;
  }
  const digits = /^\d{1,18}$/u.test(nanos ?? "") ? BigInt(nanos ?? "") : undefined;
  const read = amount === undefined ? digits : parseUsd(amount);
  if (read === undefined || (amount !== undefined && nanos !== undefined)) {
    throw adminFaults.fault("PARAMETER_INVALID", {
      sentence: "Give amount in dollars or amount_nano in nano-USD, as a text, or neither.",
    });
  }
  return read;
}

/** Within one operator and one matter, so that nobody can block another's movement by guessing its name. */
function keyOf(matter: string, idempotencyKey: string | undefined): string {
  return idempotencyKey === undefined || idempotencyKey === ""
    ? randomUUID()
    : createHash("sha256").update(`${matter} ${idempotencyKey}`).digest("hex");
}

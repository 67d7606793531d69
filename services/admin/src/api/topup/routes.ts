import { type Static, Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import { findManagedUser } from "#api/user/find-user.ts";
import type { Api } from "#http/api.ts";
import { done, doneSchema } from "#http/envelope.ts";
import { idempotencyHeaders } from "#http/idempotency-headers.ts";
import { limits } from "#limits.ts";
import { adjustWallet } from "./adjust-wallet.ts";

const topUpBody = Type.Object({
  user_id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  quota: Type.Integer({
    minimum: -limits.quotaUnitsMax,
    maximum: limits.quotaUnitsMax,
    description: "Quota units to add; negative takes them away.",
  }),
  remark: Type.Optional(Type.String({ maxLength: 255 })),
  request_id: Type.Optional(
    Type.String({
      maxLength: limits.textLengthMax,
      description: "Instead of the header Idempotency-Key: the same one twice moves money once.",
    }),
  ),
  expired_time: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 4_000_000_000,
      description: "Makes it a promotion: what is not spent by then is taken back. 0 = never.",
    }),
  ),
});

function kindOf({ quota, expired_time: expiry = 0 }: Static<typeof topUpBody>) {
  if (quota < 0) {
    return "correction";
  }
  return expiry === 0 ? "top-up" : "promotion";
}

/** Moving money, for admins. */
export function registerTopUpRoutes(api: Api, { rpc, userCache }: AdminContext): void {
  api.post(
    "/topup",
    {
      config: { access: "admin" },
      schema: {
        tags: ["topup"],
        summary: "Add to a user's balance, or take from it",
        headers: idempotencyHeaders,
        body: topUpBody,
        response: { 200: doneSchema },
      },
    },
    async (request) => {
      const { user: actor } = callerOf(request);
      const { user_id: userId, quota, remark } = request.body;
      const target = await findManagedUser(rpc, actor, { id: BigInt(userId) });
      await adjustWallet(
        { rpc, logger: request.log },
        {
          actorId: actor.id,
          userId: target.id,
          quotaUnits: quota,
          kind: kindOf(request.body),
          expiresAtMs: BigInt(request.body.expired_time ?? 0) * 1000n,
          remark:
            remark || `${quota < 0 ? "Taken" : "Added"} by ${actor.username}: ${quota} quota units`,
          idempotencyKey: request.headers["idempotency-key"] ?? request.body.request_id,
        },
      );
      userCache.forget(target.id);
      return done();
    },
  );
}

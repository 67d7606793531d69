import { Type } from "typebox";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import { findManagedUser } from "#api/user/find-user.ts";
import type { Api } from "#http/api.ts";
import { done, doneSchema } from "#http/envelope.ts";
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
});

/** The header by which a client makes a movement of money safe to send again. */
export const idempotencyHeaders = Type.Object({
  "idempotency-key": Type.Optional(
    Type.String({
      maxLength: limits.textLengthMax,
      description: "The same one twice moves money once.",
    }),
  ),
});

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
          kind: quota < 0 ? "correction" : "top-up",
          remark:
            remark || `${quota < 0 ? "Taken" : "Added"} by ${actor.username}: ${quota} quota units`,
          idempotencyKey: request.headers["idempotency-key"],
        },
      );
      userCache.forget(target.id);
      return done();
    },
  );
}

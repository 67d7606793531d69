import { type Static, Type } from "typebox";
import type { RedemptionCode } from "@tollgate/proto/quota/v1/redemption_service";
import { toQuotaUnits, toSafeNumber } from "#http/wire-number.ts";
import { limits } from "#limits.ts";

/** A redemption code as One API shows it, with this service's additions. */
export const redemptionSchema = Type.Object({
  id: Type.Integer(),
  user_id: Type.Integer({ description: "The operator who made it." }),
  key: Type.String({ description: "The text to redeem." }),
  status: Type.Integer({ description: "1 enabled, 2 disabled, 3 used, 4 expired." }),
  name: Type.String(),
  quota: Type.Integer(),
  amount_nano: Type.String({ description: "What it is worth in nano-USD, exact." }),
  created_time: Type.Integer(),
  redeemed_time: Type.Integer({ description: "Seconds since 1970, 0 = not yet." }),
  expired_time: Type.Integer({ description: "Seconds since 1970, 0 = never." }),
  credit_days: Type.Integer({
    description: "How long the money can be spent after it was redeemed; 0 = for ever.",
  }),
  batch_id: Type.String({ description: "Codes that were made together have the same one." }),
  redeemed_by: Type.Integer({ description: "Who redeemed it, 0 = nobody." }),
  redeemed_username: Type.String(),
});

/** A redemption code in One API's JSON. */
export type RedemptionWire = Static<typeof redemptionSchema>;

/** Seconds of a day, in which lifetimes are given. */
export const daySeconds = 86_400;

/** An amount in quota units, at least one. */
export const quotaField = Type.Integer({ minimum: 1, maximum: limits.quotaUnitsMax });

/** An expiry; One API's own clients never send it. */
export const expiryField = Type.Integer({
  minimum: -1,
  maximum: 4_000_000_000,
  description: "Seconds since 1970; 0 or -1 = never.",
});

/** The code in One API's JSON. */
export function redemptionToWire(code: RedemptionCode): RedemptionWire {
  return {
    id: toSafeNumber(code.id),
    user_id: toSafeNumber(code.creatorId),
    key: code.code,
    status: code.status,
    name: code.name,
    quota: toQuotaUnits(code.amountNanos),
    amount_nano: code.amountNanos.toString(),
    created_time: toSafeNumber(code.createdAt),
    redeemed_time: toSafeNumber(code.redeemedAt),
    expired_time: toSafeNumber(code.expiresAt),
    credit_days: toSafeNumber(code.creditSeconds) / daySeconds,
    batch_id: code.batchId,
    redeemed_by: toSafeNumber(code.redeemerId),
    redeemed_username: code.redeemerName,
  };
}

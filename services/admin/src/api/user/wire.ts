import { type Static, Type } from "typebox";
import type { User } from "@tollgate/proto/quota/v1/user_service";
import { toQuotaUnits, toSafeNumber } from "#http/wire-number.ts";

/** A user as One API shows it. Secrets are there by name and always empty. */
export const userSchema = Type.Object({
  id: Type.Integer(),
  username: Type.String(),
  password: Type.Literal(""),
  display_name: Type.String(),
  role: Type.Integer({ description: "1 common, 10 admin, 100 root." }),
  status: Type.Integer({ description: "1 enabled, 2 disabled, 3 deleted." }),
  email: Type.String(),
  github_id: Type.Literal(""),
  wechat_id: Type.Literal(""),
  lark_id: Type.Literal(""),
  oidc_id: Type.Literal(""),
  verification_code: Type.Literal(""),
  access_token: Type.Literal(""),
  quota: Type.Integer({ description: "Balance in quota units (1/500,000 USD)." }),
  balance_nano: Type.String({ description: "Balance in nano-USD, exact." }),
  used_quota: Type.Integer(),
  request_count: Type.Integer(),
  group: Type.String(),
  aff_code: Type.String(),
  inviter_id: Type.Integer(),
  created_time: Type.Integer({ description: "Seconds since 1970." }),
  strict: Type.Boolean({ description: "Every call reserves for itself, at the most it may cost." }),
});

/** A user in One API's JSON. */
export type UserWire = Static<typeof userSchema>;

/** The whole user. */
export function userToWire(user: User): UserWire {
  return {
    ...publicUserToWire(user),
    email: user.email,
    quota: toQuotaUnits(user.balanceNanos),
    balance_nano: user.balanceNanos.toString(),
    used_quota: toQuotaUnits(user.usedNanos),
    request_count: toSafeNumber(user.requestCount),
    group: user.group,
    aff_code: user.invitationCode,
    inviter_id: toSafeNumber(user.inviterId),
    created_time: toSafeNumber(user.createdAt),
    strict: user.strict,
  };
}

/** The user as the answer to signing in: who it is and no more; the other fields are there and blank. */
export function publicUserToWire(user: User): UserWire {
  return {
    id: toSafeNumber(user.id),
    username: user.username,
    password: "",
    display_name: user.displayName,
    role: user.role,
    status: user.status,
    email: "",
    github_id: "",
    wechat_id: "",
    lark_id: "",
    oidc_id: "",
    verification_code: "",
    access_token: "",
    quota: 0,
    balance_nano: "0",
    used_quota: 0,
    request_count: 0,
    group: "",
    aff_code: "",
    inviter_id: 0,
    created_time: 0,
    strict: false,
  };
}

import { type Static, Type } from "typebox";
import type { Key } from "@tollgate/proto/quota/v1/key_service";
import { toQuotaUnits, toSafeNumber } from "#http/wire-number.ts";
import { limits } from "#limits.ts";

/** A customer key as One API shows it. */
export const tokenSchema = Type.Object({
  id: Type.Integer(),
  user_id: Type.Integer(),
  key: Type.String({ description: "Without sk-; empty when keys cannot be shown again." }),
  key_hint: Type.String({ description: "Last four characters." }),
  status: Type.Integer({ description: "1 enabled, 2 disabled, 3 expired, 4 exhausted." }),
  name: Type.String(),
  created_time: Type.Integer(),
  accessed_time: Type.Integer({ description: "Seconds since 1970, 0 = never." }),
  expired_time: Type.Integer({ description: "Seconds since 1970, -1 = never." }),
  remain_quota: Type.Integer(),
  unlimited_quota: Type.Boolean(),
  used_quota: Type.Integer(),
  models: Type.String({ description: "Separated by commas, empty = all." }),
  subnet: Type.String({ description: "Networks separated by commas, empty = all." }),
  group: Type.String({ description: "The owner's group." }),
});

/** A customer key in One API's JSON. */
export type TokenWire = Static<typeof tokenSchema>;

/** What a client may set. */
export const tokenFields = {
  name: Type.Optional(Type.String({ maxLength: 64 })),
  expired_time: Type.Optional(
    Type.Integer({ minimum: -1, maximum: Number.MAX_SAFE_INTEGER, description: "-1 = never." }),
  ),
  remain_quota: Type.Optional(Type.Integer({ minimum: 0, maximum: limits.quotaUnitsMax })),
  unlimited_quota: Type.Optional(Type.Boolean()),
  models: Type.Optional(Type.String({ maxLength: 65_536 })),
  subnet: Type.Optional(Type.String({ maxLength: 8192 })),
};

/** What belongs to a key row beside the key itself. */
export interface TokenOwner {
  readonly group: string;
  /** The key's text, if it may be shown. */
  readonly secret: string | undefined;
}

/** The key in One API's JSON. */
export function tokenToWire(key: Key, { group, secret }: TokenOwner): TokenWire {
  return {
    id: toSafeNumber(key.id),
    user_id: toSafeNumber(key.userId),
    key: secret ?? "",
    key_hint: key.hint,
    status: key.status,
    name: key.name,
    created_time: toSafeNumber(key.createdAt),
    accessed_time: toSafeNumber(key.accessedAt),
    expired_time: toSafeNumber(key.expiresAt),
    remain_quota: toQuotaUnits(key.remainingNanos),
    unlimited_quota: key.unlimited,
    used_quota: toQuotaUnits(key.usedNanos),
    models: key.models.join(","),
    subnet: key.subnets.join(","),
    group,
  };
}

import { create } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  KeyDenialReason as WireDenialReason,
  KeySchema,
  KeyStatus as WireKeyStatus,
} from "@tollgate/proto/quota/v1/key_service";
import type {
  CreateKeyRequest,
  Key as WireKey,
  OpenKeyResponseSchema,
  UpdateKeyRequest,
} from "@tollgate/proto/quota/v1/key_service";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { keyRemaining, keyStatus } from "#domain/api-key.ts";
import type {
  ApiKey,
  KeyDecision,
  KeyDenialReason,
  KeyStatus,
  StoredKeyStatus,
} from "#domain/api-key.ts";
import { fault } from "#domain/faults.ts";
import type { CreateKeyInput } from "#usecases/keys/create-key.ts";
import type { UpdateKeyInput } from "#usecases/keys/update-key.ts";
import { expiryFromWire, numberFromWire, optionalIdFromWire } from "./wire-number.ts";

const wireStatuses = Object.freeze({
  enabled: WireKeyStatus.ENABLED,
  disabled: WireKeyStatus.DISABLED,
  expired: WireKeyStatus.EXPIRED,
  exhausted: WireKeyStatus.EXHAUSTED,
}) satisfies Readonly<Record<KeyStatus, WireKeyStatus>>;

const wireReasons = Object.freeze({
  unknown: WireDenialReason.UNKNOWN,
  disabled: WireDenialReason.DISABLED,
  expired: WireDenialReason.EXPIRED,
  exhausted: WireDenialReason.EXHAUSTED,
  "user-banned": WireDenialReason.USER_BANNED,
}) satisfies Readonly<Record<KeyDenialReason, WireDenialReason>>;

export function decisionToWire(
  decision: KeyDecision,
): MessageInitShape<typeof OpenKeyResponseSchema> {
  if (decision.kind === "denied") {
    const { reason, key } = decision;
    const value = {
      reason: wireReasons[reason],
      keyId: BigInt(key?.id ?? 0),
      keyName: key?.name ?? "",
    };
    return { outcome: { case: "denial", value } };
  }
  const { key, userRole, group, isStrict, channelSuffix } = decision.grant;
  return {
    outcome: {
      case: "grant",
      value: {
        keyId: BigInt(key.id),
        keyName: key.name,
        userId: BigInt(key.userId),
        userRole,
        group,
        capped: !key.isUnlimited,
        expiresAt: BigInt(key.expiresAt),
        models: [...key.models],
        subnets: [...key.subnets],
        channelSuffix,
        strict: isStrict,
      },
    },
  };
}

export function keyToWire(key: ApiKey, nowSeconds: number): WireKey {
  return create(KeySchema, {
    id: BigInt(key.id),
    userId: BigInt(key.userId),
    name: key.name,
    status: wireStatuses[keyStatus(key, nowSeconds)],
    hint: key.hint,
    createdAt: BigInt(key.createdAt),
    accessedAt: BigInt(key.accessedAt),
    expiresAt: BigInt(key.expiresAt),
    unlimited: key.isUnlimited,
    remainingNanos: keyRemaining(key),
    usedNanos: key.usedNanos,
    models: [...key.models],
    subnets: [...key.subnets],
  });
}

export function createKeyFromWire(request: CreateKeyRequest): CreateKeyInput {
  return {
    userId: numberFromWire(request.userId),
    name: request.name,
    expiresAt: expiryFromWire(request.expiresAt),
    isUnlimited: request.unlimited,
    remainingNanos: nanoUsd(request.remainingNanos),
    models: request.models,
    subnets: request.subnets,
  };
}

export function updateKeyFromWire(request: UpdateKeyRequest): UpdateKeyInput {
  const { status, name, expiresAt, unlimited, remainingNanos, models, subnets } = request;
  return {
    id: numberFromWire(request.id),
    userId: optionalIdFromWire(request.userId),
    ...(status !== undefined && { status: storedStatusFromWire(status) }),
    ...(name !== undefined && { name }),
    ...(expiresAt !== undefined && { expiresAt: expiryFromWire(expiresAt) }),
    ...(unlimited !== undefined && { isUnlimited: unlimited }),
    ...(remainingNanos !== undefined && { remainingNanos: nanoUsd(remainingNanos) }),
    ...(models !== undefined && { models: models.values }),
    ...(subnets !== undefined && { subnets: subnets.values }),
  };
}

/** A status in a filter; unspecified means all. */
export function keyStatusFromWire(status: WireKeyStatus): KeyStatus | undefined {
  switch (status) {
    case WireKeyStatus.UNSPECIFIED:
      return undefined;
    case WireKeyStatus.ENABLED:
      return "enabled";
    case WireKeyStatus.DISABLED:
      return "disabled";
    case WireKeyStatus.EXPIRED:
      return "expired";
    case WireKeyStatus.EXHAUSTED:
      return "exhausted";
    default:
      throw fault("STATUS_INVALID");
  }
}

/** A status that somebody may decide on. */
function storedStatusFromWire(status: WireKeyStatus): StoredKeyStatus {
  const decided = keyStatusFromWire(status);
  if (decided === "enabled" || decided === "disabled") {
    return decided;
  }
  throw fault("STATUS_INVALID");
}

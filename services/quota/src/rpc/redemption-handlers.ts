import type { ServiceImpl } from "@connectrpc/connect";
import { formatUuid, parseUuid } from "@tollgate/kit/ids/uuid-v7";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { CodeStatus as WireStatus } from "@tollgate/proto/quota/v1/redemption_service";
import type {
  RedemptionService,
  UpdateCodeRequest,
} from "@tollgate/proto/quota/v1/redemption_service";
import { fault } from "#domain/faults.ts";
import type { CodeStatus } from "#domain/redemption-code.ts";
import type { ManageCodes, ShownCode } from "#usecases/payments/manage-codes.ts";
import type { CodePatch } from "#usecases/payments/payment-ports.ts";
import type { RedeemCode } from "#usecases/payments/redeem-code.ts";
import { listRangeFromWire } from "./wire-list.ts";
import { numberFromWire } from "./wire-number.ts";

/** The use cases behind `RedemptionService`. */
export interface RedemptionUseCases {
  readonly manageCodes: ManageCodes;
  readonly redeemCode: RedeemCode;
}

/** `RedemptionService`, one function per RPC. */
export function createRedemptionHandlers({
  manageCodes,
  redeemCode,
}: RedemptionUseCases): ServiceImpl<typeof RedemptionService> {
  return {
    createCodes: async (request) => {
      const { batchId, codes } = await manageCodes.create({
        creatorId: numberFromWire(request.creatorId),
        name: request.name,
        count: request.count,
        amountNanos: nanoUsd(request.amountNanos),
        creditSeconds: numberFromWire(request.creditSeconds),
        expiresAt: numberFromWire(request.expiresAt),
      });
      return { codes: [...codes], batchId: formatUuid(batchId) };
    },
    listCodes: async ({ range, status, batchId }) => {
      const wanted = statusFromWire(status);
      const filter = {
        ...(wanted !== undefined && { status: wanted }),
        ...(batchId !== "" && { batchId: batchIdFromWire(batchId) }),
      };
      const { rows, total } = await manageCodes.list(filter, listRangeFromWire(range));
      return { codes: rows.map(codeToWire), total: BigInt(total) };
    },
    getCode: async ({ id }) => ({ code: codeToWire(await manageCodes.get(numberFromWire(id))) }),
    updateCode: async (request) => {
      const code = await manageCodes.update(numberFromWire(request.id), patchFromWire(request));
      return { code: codeToWire(code) };
    },
    deleteCode: async ({ id }) => {
      await manageCodes.remove(numberFromWire(id));
      return {};
    },
    redeemCode: async ({ userId, code }) => {
      const redeemed = await redeemCode({ userId: numberFromWire(userId), text: code });
      return {
        amountNanos: redeemed.amountNanos,
        expiresAtMs: BigInt(redeemed.expiresAtMs),
      };
    },
  };
}

function patchFromWire({ name, status, amountNanos, expiresAt }: UpdateCodeRequest): CodePatch {
  return {
    ...(name !== undefined && { name }),
    ...(status !== undefined && { status: switchFromWire(status) }),
    ...(amountNanos !== undefined && { amountNanos: nanoUsd(amountNanos) }),
    ...(expiresAt !== undefined && { expiresAt: numberFromWire(expiresAt) }),
  };
}

function switchFromWire(status: WireStatus): "enabled" | "disabled" {
  const wanted = statusFromWire(status);
  if (wanted !== "enabled" && wanted !== "disabled") {
    throw fault("CODE_INVALID", { sentence: "A code can be enabled or disabled." });
  }
  return wanted;
}

function statusFromWire(status: WireStatus): CodeStatus | undefined {
  switch (status) {
    case WireStatus.UNSPECIFIED:
      return undefined;
    case WireStatus.ENABLED:
      return "enabled";
    case WireStatus.DISABLED:
      return "disabled";
    case WireStatus.USED:
      return "used";
    case WireStatus.EXPIRED:
      return "expired";
    default:
      throw fault("REQUEST_INVALID");
  }
}

const wireStatuses = {
  enabled: WireStatus.ENABLED,
  disabled: WireStatus.DISABLED,
  used: WireStatus.USED,
  expired: WireStatus.EXPIRED,
} as const satisfies Readonly<Record<CodeStatus, WireStatus>>;

function codeToWire(code: ShownCode) {
  return {
    id: BigInt(code.id),
    batchId: formatUuid(code.batchId),
    creatorId: BigInt(code.creatorId),
    name: code.name,
    code: code.text,
    status: wireStatuses[code.status],
    amountNanos: code.amountNanos,
    creditSeconds: BigInt(code.creditSeconds),
    createdAt: BigInt(code.createdAt),
    expiresAt: BigInt(code.expiresAt),
    redeemedAt: BigInt(code.redeemedAt),
    redeemerId: BigInt(code.redeemerId),
    redeemerName: code.redeemerName,
  };
}

function batchIdFromWire(text: string): Uint8Array {
  try {
    return parseUuid(text);
  } catch (error) {
    // Translates: a text that is no UUID names no batch.
    throw fault("REQUEST_INVALID", { cause: error });
  }
}

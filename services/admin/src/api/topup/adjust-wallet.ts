/** Operators move money by adding or taking an amount, never by writing a balance. */
import { createHash, randomUUID } from "node:crypto";
import { AdjustmentKind } from "@tollgate/proto/quota/v1/wallet_service";
import { LogKind } from "@tollgate/proto/quota/v1/usage_service";
import type { FastifyBaseLogger } from "fastify";
import { toNanos } from "#http/wire-number.ts";
import type { RpcClients } from "#rpc/rpc-clients.ts";

/** One movement. */
export interface WalletAdjustment {
  readonly actorId: bigint;
  readonly userId: bigint;
  /** Signed. */
  readonly quotaUnits: number;
  readonly kind: "top-up" | "promotion" | "correction";
  /** When what is not spent of it is taken back, milliseconds since 1970; absent or 0 = never. */
  readonly expiresAtMs?: bigint;
  /** Shown in the user's log. */
  readonly remark: string;
  /** The client's own name for this movement: the same one twice moves money once. */
  readonly idempotencyKey: string | undefined;
}

const ledgerKind = {
  "top-up": AdjustmentKind.TOP_UP,
  promotion: AdjustmentKind.PROMOTION,
  correction: AdjustmentKind.CORRECTION,
} as const;

const logKind = {
  "top-up": LogKind.TOP_UP,
  promotion: LogKind.TOP_UP,
  correction: LogKind.MANAGE,
} as const;

/** What moving money needs. */
export interface WalletPorts {
  readonly rpc: Pick<RpcClients, "wallets" | "usage">;
  readonly logger: Pick<FastifyBaseLogger, "error">;
}

/** Moves the money and writes the log row, once. */
export async function adjustWallet(
  { rpc, logger }: WalletPorts,
  adjustment: WalletAdjustment,
): Promise<void> {
  const { actorId, userId, quotaUnits, kind, remark } = adjustment;
  const { applied } = await rpc.wallets.adjustWallet({
    requestId: requestIdOf(adjustment),
    userId,
    amountNanos: toNanos(quotaUnits),
    kind: ledgerKind[kind],
    remark,
    actorId,
    expiresAtMs: adjustment.expiresAtMs ?? 0n,
  });
  if (!applied) {
    return;
  }
  try {
    await rpc.usage.appendActivity({ kind: logKind[kind], userId, content: remark });
  } catch (error) {
    // The ledger has the movement: a failed reply would make the operator move the money again.
    logger.error({ err: error, userId }, "the log row of a wallet adjustment was not written");
  }
}

function requestIdOf({ actorId, idempotencyKey }: WalletAdjustment): string {
  if (idempotencyKey === undefined || idempotencyKey === "") {
    return randomUUID();
  }
  // Within one operator, so that nobody can block another's movement by guessing its name.
  return createHash("sha256").update(`${actorId} ${idempotencyKey}`).digest("hex");
}

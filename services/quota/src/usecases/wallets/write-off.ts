import { ZERO, subtractNano } from "@tollgate/kit/money/nano-usd";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { fault } from "#domain/faults.ts";
import type { Activity } from "#domain/log-entry.ts";
import { checkReason } from "#domain/reason.ts";
import type { Wallet } from "#domain/wallet.ts";
import type { Changes } from "#usecases/changes.ts";
import type { ActivityFeed, ActivityStore } from "#usecases/identity/identity-ports.ts";
import type { LedgerStore, WalletStore } from "#usecases/money-ports.ts";
import type { ReadOption } from "#usecases/options/read-option.ts";
import type { Transactions, Tx } from "#usecases/transaction.ts";
import type { AdjustWallet } from "./adjust-wallet.ts";
import { describeAmount } from "./describe-amount.ts";

/** What {@link createWriteOff} needs. */
export interface WriteOffPorts {
  readonly transactions: Transactions;
  readonly wallets: Pick<WalletStore, "lock">;
  readonly ledger: Pick<LedgerStore, "findAdjustment">;
  readonly adjustWallet: AdjustWallet;
  readonly changes: Pick<Changes, "flush">;
  readonly activities: Pick<ActivityStore, "append">;
  readonly feed: Pick<ActivityFeed, "publish">;
  readonly options: Pick<ReadOption, "flag">;
}

/** What an operator asks for. */
export interface WriteOffOrder {
  /** The same one twice writes off once. */
  readonly requestId: string;
  readonly userId: number;
  readonly reason: string;
  readonly actorId: number;
  readonly actorName: string;
}

/** What was written off. */
export interface WriteOffOutcome {
  readonly wallet: Wallet;
  readonly amountNanos: NanoUsd;
  readonly isApplied: boolean;
}

/** Lifts a balance below zero to zero. Throws WALLET_NOT_FOUND, BALANCE_NOT_NEGATIVE, REASON_INVALID and REQUEST_ID_REUSED. */
export type WriteOff = (order: WriteOffOrder) => Promise<WriteOffOutcome>;

/** The amount is read under the wallet's lock, so that it is exactly the debt. */
export function createWriteOff(ports: WriteOffPorts): WriteOff {
  return async (order) => {
    const reason = checkReason(order.reason);
    const { activity, ...outcome } = await ports.transactions.run(async (tx) =>
      writeOff(ports, { ...order, reason }, tx),
    );
    if (activity !== undefined) {
      ports.feed.publish(activity);
      await ports.changes.flush();
    }
    return outcome;
  };
}

async function writeOff(
  ports: WriteOffPorts,
  { requestId, userId, reason, actorId, actorName }: WriteOffOrder,
  tx: Tx,
): Promise<WriteOffOutcome & { readonly activity?: Activity }> {
  const wallet = await ports.wallets.lock(userId, tx);
  if (wallet === undefined) {
    throw fault("WALLET_NOT_FOUND");
  }
  const earlier = await ports.ledger.findAdjustment(requestId, tx);
  if (earlier !== undefined) {
    if (earlier.kind !== "write-off" || earlier.userId !== userId) {
      throw fault("REQUEST_ID_REUSED");
    }
    return { wallet, amountNanos: earlier.amountNanos, isApplied: false };
  }
  if (wallet.postedNanos >= 0n) {
    throw fault("BALANCE_NOT_NEGATIVE");
  }
  const amountNanos = subtractNano(ZERO, wallet.postedNanos);
  const outcome = await ports.adjustWallet(
    { requestId, userId, amountNanos, kind: "write-off", remark: reason, actorId },
    tx,
  );
  const amount = describeAmount(amountNanos, ports.options);
  const activity = await ports.activities.append(
    {
      kind: "manage",
      userId,
      content: `${actorName} wrote off a debt of ${amount}: ${reason}`,
      channelId: 0,
      model: "",
      durationMs: 0,
    },
    tx,
  );
  return { ...outcome, amountNanos, activity };
}

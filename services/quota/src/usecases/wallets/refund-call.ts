import type { Clock } from "@tollgate/kit/clock/clock";
import { formatUuid } from "@tollgate/kit/ids/uuid-v7";
import { subtractNano, nanoUsd } from "@tollgate/kit/money/nano-usd";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { fault } from "#domain/faults.ts";
import type { Activity } from "#domain/log-entry.ts";
import { checkReason } from "#domain/reason.ts";
import type { Changes } from "#usecases/changes.ts";
import type { ActivityFeed, ActivityStore } from "#usecases/identity/identity-ports.ts";
import type { LedgerStore, WalletStore } from "#usecases/money-ports.ts";
import type { ChargedCall, RefundStore } from "#usecases/payments/payment-ports.ts";
import type { ReadOption } from "#usecases/options/read-option.ts";
import type { Transactions, Tx } from "#usecases/transaction.ts";
import type { AdjustWallet } from "./adjust-wallet.ts";
import { describeAmount } from "./describe-amount.ts";

/** What {@link createRefundCall} needs. */
export interface RefundCallPorts {
  readonly transactions: Transactions;
  readonly wallets: Pick<WalletStore, "lock">;
  readonly ledger: Pick<LedgerStore, "findAdjustment">;
  readonly refunds: RefundStore;
  readonly adjustWallet: AdjustWallet;
  readonly changes: Pick<Changes, "notify" | "flush">;
  readonly activities: Pick<ActivityStore, "append">;
  readonly feed: Pick<ActivityFeed, "publish">;
  readonly options: Pick<ReadOption, "flag">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** What an operator asks for. */
export interface RefundOrder {
  /** 16 bytes: the call. */
  readonly requestId: Uint8Array;
  /** undefined = all that is left. */
  readonly amountNanos: NanoUsd | undefined;
  readonly reason: string;
  readonly actorId: number;
  readonly actorName: string;
  /** The same one twice refunds once. */
  readonly idempotencyKey: string;
}

/** What was given back. */
export interface RefundOutcome {
  readonly userId: number;
  readonly amountNanos: NanoUsd;
  /** By all refunds of the call. */
  readonly refundedNanos: NanoUsd;
  /** False: this refund had been made before. */
  readonly isApplied: boolean;
}

/**
 * Gives back what a call cost, or a part of it; the row of the call stays as it was. Throws CALL_NOT_FOUND, REFUND_EXCEEDS_CHARGE,
 * REASON_INVALID, AMOUNT_INVALID and REQUEST_ID_REUSED.
 */
export type RefundCall = (order: RefundOrder) => Promise<RefundOutcome>;

/** What a call cost, whom, and what was given back of it. */
export interface Charge {
  readonly userId: number;
  readonly costNanos: NanoUsd;
  readonly refundedNanos: NanoUsd;
}

/** Reads what can be refunded. Throws CALL_NOT_FOUND. */
export type ReadCharge = (requestId: Uint8Array) => Promise<Charge>;

/** A look without a lock, for checks before a refund and for people. */
export function createReadCharge({
  refunds,
}: {
  readonly refunds: Pick<RefundStore, "findCall" | "sum">;
}): ReadCharge {
  return async (requestId) => {
    const call = await findCharged(refunds, requestId);
    const { amountNanos: refundedNanos } = await refunds.sum(requestId);
    return { userId: call.userId, costNanos: call.costNanos, refundedNanos };
  };
}

interface Refunding extends RefundOutcome {
  readonly activity?: Activity;
}

/**
 * The owner's wallet is locked before the sum of the refunds is read, so that racing refunds never exceed the charge. The call is read
 * before that: its row never changes, and no lock waits for another database.
 */
export function createRefundCall(ports: RefundCallPorts): RefundCall {
  return async (order) => {
    const reason = checkReason(order.reason);
    if (order.amountNanos !== undefined && order.amountNanos <= 0n) {
      throw fault("AMOUNT_INVALID");
    }
    const call = await findCharged(ports.refunds, order.requestId);
    const { activity, ...outcome } = await ports.transactions.run(async (tx) =>
      refund(ports, { ...order, reason, call }, tx),
    );
    if (activity !== undefined) {
      ports.feed.publish(activity);
      await ports.changes.flush();
    }
    return outcome;
  };
}

async function findCharged(
  refunds: Pick<RefundStore, "findCall">,
  requestId: Uint8Array,
): Promise<ChargedCall> {
  const call = await refunds.findCall(requestId);
  if (call === undefined) {
    throw fault("CALL_NOT_FOUND");
  }
  return call;
}

/** An order and the call that it is about. */
interface CallOrder extends RefundOrder {
  readonly call: ChargedCall;
}

async function refund(ports: RefundCallPorts, order: CallOrder, tx: Tx): Promise<Refunding> {
  const { userId, costNanos } = order.call;
  if ((await ports.wallets.lock(userId, tx)) === undefined) {
    throw fault("WALLET_NOT_FOUND");
  }
  const { amountNanos: refundedNanos, count } = await ports.refunds.sum(order.requestId, tx);
  const earlier = await ports.ledger.findAdjustment(order.idempotencyKey, tx);
  if (earlier !== undefined) {
    const isSame =
      earlier.kind === "refund" &&
      earlier.userId === userId &&
      (order.amountNanos ?? earlier.amountNanos) === earlier.amountNanos;
    if (!isSame) {
      throw fault("REQUEST_ID_REUSED");
    }
    return { userId, amountNanos: earlier.amountNanos, refundedNanos, isApplied: false };
  }
  const leftNanos = subtractNano(costNanos, refundedNanos);
  const amountNanos = order.amountNanos ?? leftNanos;
  if (amountNanos > leftNanos || leftNanos <= 0n) {
    throw fault("REFUND_EXCEEDS_CHARGE", { metadata: { left_nanos: `${leftNanos}` } });
  }
  const activity = await post(ports, { ...order, amountNanos, seq: count + 1 }, tx);
  return {
    userId,
    amountNanos,
    refundedNanos: nanoUsd(refundedNanos + amountNanos),
    isApplied: true,
    activity,
  };
}

interface RefundPosting extends CallOrder {
  readonly amountNanos: NanoUsd;
  readonly seq: number;
}

async function post(ports: RefundCallPorts, posting: RefundPosting, tx: Tx): Promise<Activity> {
  const { call, requestId, amountNanos, reason, actorId, actorName } = posting;
  const { userId, keyId } = call;
  const callId = formatUuid(requestId);
  await ports.adjustWallet(
    {
      requestId: posting.idempotencyKey,
      userId,
      amountNanos,
      kind: "refund",
      remark: `${callId}: ${reason}`,
      actorId,
    },
    tx,
  );
  const createdAtMs = ports.clock.nowMs();
  const { seq } = posting;
  await ports.refunds.insert(
    { requestId, seq, userId, keyId, amountNanos, reason, actorId, createdAtMs },
    tx,
  );
  if (keyId !== 0) {
    await ports.refunds.raiseCap(keyId, amountNanos, tx);
    await ports.changes.notify({ keyIds: [keyId] }, tx);
  }
  const amount = describeAmount(amountNanos, ports.options);
  return ports.activities.append(
    {
      kind: "manage",
      userId,
      content: `${actorName} gave back ${amount} of call ${callId}: ${reason}`,
      channelId: 0,
      model: call.model,
      durationMs: 0,
    },
    tx,
  );
}

import type { Clock } from "@tollgate/kit/clock/clock";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { fault } from "#domain/faults.ts";
import type { Wallet } from "#domain/wallet.ts";
import { availableOf } from "#domain/wallet.ts";
import type { Changes } from "#usecases/changes.ts";
import type { Adjustment, LedgerStore, WalletStore } from "#usecases/money-ports.ts";
import type { BucketStore } from "#usecases/payments/payment-ports.ts";
import type { Transactions, Tx } from "#usecases/transaction.ts";
import { openBucket } from "./credit-buckets.ts";

/** The wallet afterwards, and whether this call changed it. */
export interface AdjustWalletOutcome {
  readonly wallet: Wallet;
  /** False: the request id had been applied before. */
  readonly isApplied: boolean;
}

/** What {@link createAdjustWallet} needs. */
export interface AdjustWalletPorts {
  readonly transactions: Transactions;
  readonly wallets: Pick<WalletStore, "lock" | "addPosted">;
  readonly ledger: Pick<LedgerStore, "findAdjustment" | "insertAdjustment">;
  readonly buckets: Pick<BucketStore, "insert" | "listOpen" | "update">;
  readonly changes: Pick<Changes, "notify" | "flush">;
  readonly clock: Pick<Clock, "nowMs">;
}

/**
 * Adds or takes money as a ledger pair, once for each request id, inside `tx` when one is given. Throws WALLET_NOT_FOUND,
 * BALANCE_EXHAUSTED, AMOUNT_INVALID, ADJUSTMENT_INVALID, CREDIT_EXPIRY_INVALID, or REQUEST_ID_REUSED for an id that meant something
 * else. Within `tx`, flush the changes after it.
 */
export type AdjustWallet = (adjustment: Adjustment, tx?: Tx) => Promise<AdjustWalletOutcome>;

const requestIdCharactersMax = 64;
const remarkCharactersMax = 255;
// Room for charges below and gifts above it in 64 bits.
const balanceNanosMax = 9_000_000_000_000_000_000n;

/** The wallet's lock makes racing calls take turns; the ledger's unique request id is the second net. */
export function createAdjustWallet(ports: AdjustWalletPorts): AdjustWallet {
  const adjust = async (adjustment: Adjustment, tx: Tx): Promise<AdjustWalletOutcome> => {
    const { userId, amountNanos, requestId, expiresAtMs = 0 } = adjustment;
    const wallet = await ports.wallets.lock(userId, tx);
    if (wallet === undefined) {
      throw fault("WALLET_NOT_FOUND");
    }
    const earlier = await ports.ledger.findAdjustment(requestId, tx);
    if (earlier !== undefined) {
      checkSame(earlier, adjustment);
      return { wallet, isApplied: false };
    }
    const postedNanos = checkBalance(wallet, adjustment);
    const nowMs = ports.clock.nowMs();
    await ports.ledger.insertAdjustment(adjustment, nowMs, tx);
    await ports.wallets.addPosted(userId, amountNanos, tx);
    if (expiresAtMs !== 0) {
      await openBucket(ports.buckets, { ...adjustment, wallet, expiresAtMs, nowMs }, tx);
    }
    if (amountNanos > 0n) {
      await ports.changes.notify({ filledUserIds: [userId] }, tx);
    }
    return { wallet: { ...wallet, postedNanos, version: wallet.version + 1n }, isApplied: true };
  };
  return async (adjustment, tx) => {
    checkAdjustment(adjustment, ports.clock.nowMs());
    if (tx !== undefined) {
      return adjust(adjustment, tx);
    }
    const outcome = await ports.transactions.run(async (own) => adjust(adjustment, own));
    await ports.changes.flush();
    return outcome;
  };
}

function checkAdjustment(
  { requestId, amountNanos, remark, expiresAtMs = 0 }: Adjustment,
  nowMs: number,
): void {
  const isIdWrong = requestId.length === 0 || requestId.length > requestIdCharactersMax;
  if (isIdWrong || remark.length > remarkCharactersMax) {
    throw fault("ADJUSTMENT_INVALID");
  }
  if (amountNanos === 0n) {
    throw fault("AMOUNT_INVALID");
  }
  if (expiresAtMs !== 0 && (amountNanos < 0n || expiresAtMs <= nowMs)) {
    throw fault("CREDIT_EXPIRY_INVALID");
  }
}

/** The balance afterwards. */
function checkBalance(wallet: Wallet, { amountNanos, mayOverdraw }: Adjustment): NanoUsd {
  const availableNanos = availableOf(wallet);
  if (mayOverdraw !== true && amountNanos < 0n && 0n - amountNanos > availableNanos) {
    throw fault("BALANCE_EXHAUSTED", { metadata: { available_nanos: `${availableNanos}` } });
  }
  const postedNanos = wallet.postedNanos + amountNanos;
  if (postedNanos > balanceNanosMax) {
    throw fault("AMOUNT_INVALID");
  }
  return nanoUsd(postedNanos);
}

function checkSame(earlier: Adjustment, { userId, amountNanos, kind }: Adjustment): void {
  const isSame =
    earlier.userId === userId && earlier.amountNanos === amountNanos && earlier.kind === kind;
  if (!isSame) {
    throw fault("REQUEST_ID_REUSED");
  }
}

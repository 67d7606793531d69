import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { ZERO } from "@tollgate/kit/money/nano-usd";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { spendBuckets } from "#domain/credit-bucket.ts";
import type { CreditBucket } from "#domain/credit-bucket.ts";
import type { AdjustmentKind } from "#domain/ledger.ts";
import type { Wallet } from "#domain/wallet.ts";
import type { WalletStore } from "#usecases/money-ports.ts";
import type { BucketStore } from "#usecases/payments/payment-ports.ts";
import type { Tx } from "#usecases/transaction.ts";

/** A credit that was just granted. */
export interface GrantedCredit {
  /** Locked. */
  readonly wallet: Wallet;
  readonly kind: AdjustmentKind;
  readonly amountNanos: NanoUsd;
  readonly expiresAtMs: number;
  readonly nowMs: number;
}

/** Brings the user's buckets up to date and opens another one, under the wallet's lock. */
export async function openBucket(
  buckets: Pick<BucketStore, "insert" | "listOpen" | "update">,
  { wallet, kind, amountNanos, expiresAtMs, nowMs }: GrantedCredit,
  tx: Tx,
): Promise<void> {
  await accrue(buckets, wallet, tx);
  await buckets.insert(
    {
      bucketId: uuidV7Bytes(nowMs),
      userId: wallet.userId,
      kind,
      grantedNanos: amountNanos,
      remainingNanos: amountNanos,
      usedMarkNanos: wallet.usedNanos,
      expiredNanos: ZERO,
      expiresAtMs,
      createdAtMs: nowMs,
      closedAtMs: 0,
    },
    tx,
  );
}

/** Writes what was spent of the user's open buckets, and answers them, first-expiring first. The wallet is locked. */
export async function accrue(
  buckets: Pick<BucketStore, "listOpen" | "update">,
  wallet: Pick<Wallet, "userId" | "usedNanos">,
  tx: Tx,
): Promise<readonly CreditBucket[]> {
  const open = await buckets.listOpen(wallet.userId, tx);
  const current = spendBuckets(open, wallet.usedNanos);
  for (const bucket of current) {
    await buckets.update(bucket, tx);
  }
  return current;
}

/** What is left of a user's credit that expires, first-expiring first; used-up credit is left out. */
export type ListCredits = (userId: number) => Promise<readonly CreditBucket[]>;

/** What {@link createListCredits} needs. */
export interface ListCreditsPorts {
  readonly buckets: Pick<BucketStore, "listOpen">;
  readonly wallets: Pick<WalletStore, "find">;
}

/** A look without a lock: a call that is settled between the two reads shows as spent a moment later. */
export function createListCredits({ buckets, wallets }: ListCreditsPorts): ListCredits {
  return async (userId) => {
    const open = await buckets.listOpen(userId);
    const wallet = open.length === 0 ? undefined : await wallets.find(userId);
    return wallet === undefined
      ? []
      : spendBuckets(open, wallet.usedNanos).filter(({ remainingNanos }) => remainingNanos > 0n);
  };
}

/**
 * Credit that expires. A bucket remembers how much of a credit is left; it holds no money of its own, the wallet does. What a user
 * spends is taken to come from the bucket that expires first, and from money without an expiry last. That is worked out only when a
 * bucket is opened, shown or due: buckets of a user stand at one mark of what the user had used in all, and what was used since is
 * spread over them. Between two such moments the set of buckets does not change, so the result is the same as call by call.
 */
import { ZERO, maxNano, minNano, nanoUsd, subtractNano } from "@tollgate/kit/money/nano-usd";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { AdjustmentKind } from "./ledger.ts";
import type { Wallet } from "./wallet.ts";

/** One credit that expires. */
export interface CreditBucket {
  /** 16 bytes. */
  readonly bucketId: Uint8Array;
  readonly userId: number;
  /** How it was granted. */
  readonly kind: AdjustmentKind;
  readonly grantedNanos: NanoUsd;
  /** What was not spent when the user had used `usedMarkNanos` in all. */
  readonly remainingNanos: NanoUsd;
  readonly usedMarkNanos: NanoUsd;
  /** What was taken back. */
  readonly expiredNanos: NanoUsd;
  readonly expiresAtMs: number;
  readonly createdAtMs: number;
  /** 0 while open. */
  readonly closedAtMs: number;
}

/** The buckets, given in the order of their expiry, after everything that the user has used by now. */
export function spendBuckets(
  buckets: readonly CreditBucket[],
  usedNanos: NanoUsd,
): readonly CreditBucket[] {
  let takenNanos = ZERO;
  return buckets.map((bucket) => {
    // What was used since the mark and did not come from a bucket before this one.
    const leftNanos = subtractNano(subtractNano(usedNanos, bucket.usedMarkNanos), takenNanos);
    const spentNanos = maxNano(ZERO, minNano(leftNanos, bucket.remainingNanos));
    takenNanos = nanoUsd(takenNanos + spentNanos);
    return {
      ...bucket,
      remainingNanos: subtractNano(bucket.remainingNanos, spentNanos),
      usedMarkNanos: maxNano(usedNanos, bucket.usedMarkNanos),
    };
  });
}

/** A bucket after its time, and what to take from the wallet. */
export interface ExpiredBucket {
  readonly bucket: CreditBucket;
  readonly takenNanos: NanoUsd;
}

/**
 * Takes back what is left of a bucket that {@link spendBuckets} has brought up to date: never more than the balance without what
 * running calls hold. What they hold may come back unspent, so the bucket stays open for the rest until nothing is held.
 */
export function expireBucket(
  bucket: CreditBucket,
  wallet: Pick<Wallet, "postedNanos" | "heldNanos">,
  nowMs: number,
): ExpiredBucket {
  const freeNanos = maxNano(ZERO, subtractNano(wallet.postedNanos, wallet.heldNanos));
  const takenNanos = minNano(bucket.remainingNanos, freeNanos);
  const remainingNanos = subtractNano(bucket.remainingNanos, takenNanos);
  const isOver = remainingNanos === 0n || wallet.heldNanos === 0n;
  return {
    bucket: {
      ...bucket,
      remainingNanos: isOver ? ZERO : remainingNanos,
      expiredNanos: nanoUsd(bucket.expiredNanos + takenNanos),
      closedAtMs: isOver ? nowMs : 0,
    },
    takenNanos,
  };
}

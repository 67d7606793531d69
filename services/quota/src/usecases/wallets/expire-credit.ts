import type { Clock } from "@tollgate/kit/clock/clock";
import { ZERO, addNano, subtractNano } from "@tollgate/kit/money/nano-usd";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { expireBucket } from "#domain/credit-bucket.ts";
import type { CreditBucket } from "#domain/credit-bucket.ts";
import { accountOf } from "#domain/ledger.ts";
import type { WalletStore } from "#usecases/money-ports.ts";
import type { BucketStore } from "#usecases/payments/payment-ports.ts";
import type { Transactions, Tx } from "#usecases/transaction.ts";
import type { AdjustWallet } from "./adjust-wallet.ts";
import { accrue } from "./credit-buckets.ts";

/** What {@link createExpireCredit} needs. */
export interface ExpireCreditPorts {
  readonly transactions: Transactions;
  readonly wallets: Pick<WalletStore, "lock">;
  readonly buckets: Pick<BucketStore, "findDueUsers" | "listOpen" | "update">;
  readonly adjustWallet: AdjustWallet;
  readonly clock: Pick<Clock, "nowMs">;
}

/** What one sweep did. */
export interface ExpireCreditOutcome {
  readonly users: number;
  readonly expiredNanos: NanoUsd;
  /** The last user who was looked at; undefined = nothing more is due. */
  readonly lastUserId: number | undefined;
}

/** Takes back what was not spent of due credit, of a bounded number of users whose ids are above `afterUserId`. */
export type ExpireCredit = (afterUserId: number) => Promise<ExpireCreditOutcome>;

const usersMax = 200;

/** One transaction a user, so that a sweep holds no wallet for long and stops anywhere without harm. */
export function createExpireCredit(ports: ExpireCreditPorts): ExpireCredit {
  return async (afterUserId) => {
    const nowMs = ports.clock.nowMs();
    const userIds = await ports.buckets.findDueUsers({ nowMs, afterUserId, max: usersMax });
    let expiredNanos = ZERO;
    for (const userId of userIds) {
      const taken = await ports.transactions.run(async (tx) =>
        expireOf(ports, { userId, nowMs }, tx),
      );
      expiredNanos = addNano(expiredNanos, taken);
    }
    const lastUserId = userIds.length === usersMax ? userIds.at(-1) : undefined;
    return { users: userIds.length, expiredNanos, lastUserId };
  };
}

async function expireOf(
  ports: ExpireCreditPorts,
  { userId, nowMs }: { readonly userId: number; readonly nowMs: number },
  tx: Tx,
): Promise<NanoUsd> {
  const wallet = await ports.wallets.lock(userId, tx);
  if (wallet === undefined) {
    return ZERO;
  }
  const { heldNanos } = wallet;
  let { postedNanos } = wallet;
  let total = ZERO;
  for (const open of await accrue(ports.buckets, wallet, tx)) {
    if (open.expiresAtMs <= nowMs) {
      const { bucket, takenNanos } = expireBucket(open, { postedNanos, heldNanos }, nowMs);
      await takeBack(ports.adjustWallet, { bucket, takenNanos }, tx);
      await ports.buckets.update(bucket, tx);
      postedNanos = subtractNano(postedNanos, takenNanos);
      total = addNano(total, takenNanos);
    }
  }
  return total;
}

async function takeBack(
  adjustWallet: AdjustWallet,
  { bucket, takenNanos }: { readonly bucket: CreditBucket; readonly takenNanos: NanoUsd },
  tx: Tx,
): Promise<void> {
  if (takenNanos === 0n) {
    return;
  }
  const id = Buffer.from(bucket.bucketId).toString("base64url");
  await adjustWallet(
    {
      // What was taken back in all grows with every take, so each has a name of its own.
      requestId: `expiry:${id}:${bucket.expiredNanos}`,
      userId: bucket.userId,
      amountNanos: subtractNano(ZERO, takenNanos),
      kind: "expiry",
      account: accountOf(bucket.kind),
      remark: "Credit that was not spent in its time",
      actorId: 0,
    },
    tx,
  );
}

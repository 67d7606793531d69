import type { Activity } from "#domain/log-entry.ts";
import type { ActivityStore, Gift, Wallets } from "#usecases/identity/identity-ports.ts";
import type { ReadOption } from "#usecases/options/read-option.ts";
import type { Tx } from "#usecases/transaction.ts";
import { describeAmount } from "./describe-amount.ts";

/** What giving needs. */
export interface GiftPorts {
  readonly wallets: Pick<Wallets, "give">;
  readonly activities: Pick<ActivityStore, "append">;
  readonly options: Pick<ReadOption, "flag">;
}

/** Moves the gift through the ledger and writes a log row, in one transaction. Nothing happens for an amount of zero. */
export async function giveGift(
  { wallets, activities, options }: GiftPorts,
  gift: Gift,
  tx: Tx,
): Promise<readonly Activity[]> {
  if (gift.amountNanos <= 0n) {
    return [];
  }
  await wallets.give(gift, tx);
  const amount = describeAmount(gift.amountNanos, options);
  const activity = await activities.append(
    {
      kind: "system",
      userId: gift.userId,
      content: `${gift.remark}: ${amount}`,
      channelId: 0,
      model: "",
      durationMs: 0,
    },
    tx,
  );
  return [activity];
}

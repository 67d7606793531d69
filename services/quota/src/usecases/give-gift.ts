import { formatUsd, nanoToQuotaUnits } from "@tollgate/kit/money/nano-usd";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { Activity } from "#domain/log-entry.ts";
import type { ActivityStore, Wallets } from "./identity-ports.ts";
import type { ReadOption } from "./read-option.ts";
import type { Tx } from "./transaction.ts";

/** What giving needs. */
export interface GiftPorts {
  readonly wallets: Pick<Wallets, "give">;
  readonly activities: Pick<ActivityStore, "append">;
  readonly options: Pick<ReadOption, "flag">;
}

/** What is given, to whom, and why. */
export interface GiftOrder {
  /** The same one is given once only. */
  readonly requestId: string;
  readonly userId: number;
  readonly amountNanos: NanoUsd;
  /** A sentence without the amount, for the ledger and the log. */
  readonly remark: string;
}

/** Moves the gift through the ledger and writes a log row, in one transaction. Nothing happens for an amount of zero. */
export async function giveGift(
  { wallets, activities, options }: GiftPorts,
  gift: GiftOrder,
  tx: Tx,
): Promise<readonly Activity[]> {
  if (gift.amountNanos <= 0n) {
    return [];
  }
  await wallets.give(gift, tx);
  const amount = describeAmount(gift.amountNanos, options.flag("DisplayInCurrencyEnabled"));
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

/** "$0.200000", or "100000 points" where the operator shows quota units. */
function describeAmount(amountNanos: NanoUsd, isInCurrency: boolean): string {
  return isInCurrency ? `$${formatUsd(amountNanos, 6)}` : `${nanoToQuotaUnits(amountNanos)} points`;
}

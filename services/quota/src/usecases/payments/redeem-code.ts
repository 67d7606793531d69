import type { Clock } from "@tollgate/kit/clock/clock";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { fault } from "#domain/faults.ts";
import type { Activity } from "#domain/log-entry.ts";
import { checkRedeemable } from "#domain/redemption-code.ts";
import type { AdjustWallet } from "#usecases/wallets/adjust-wallet.ts";
import type { Changes } from "#usecases/changes.ts";
import { describeAmount } from "#usecases/wallets/describe-amount.ts";
import type { ActivityFeed, ActivityStore } from "#usecases/identity/identity-ports.ts";
import type { ReadOption } from "#usecases/options/read-option.ts";
import type { Transactions, Tx } from "#usecases/transaction.ts";
import type { CodeStore, CodeVault } from "./payment-ports.ts";

/** What {@link createRedeemCode} needs. */
export interface RedeemCodePorts {
  readonly transactions: Transactions;
  readonly codes: Pick<CodeStore, "lockByHash" | "markUsed">;
  readonly codeVault: Pick<CodeVault, "hash">;
  readonly adjustWallet: AdjustWallet;
  readonly changes: Pick<Changes, "flush">;
  readonly activities: Pick<ActivityStore, "append">;
  readonly feed: Pick<ActivityFeed, "publish">;
  readonly options: Pick<ReadOption, "flag">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** What a customer typed. */
export interface RedeemCodeInput {
  readonly userId: number;
  readonly text: string;
}

/** What a code was worth. */
export interface RedeemedCode {
  readonly amountNanos: NanoUsd;
  /** When what is not spent of it is taken back; 0 = never. */
  readonly expiresAtMs: number;
}

/** Turns a code into balance, once. Throws CODE_UNKNOWN, CODE_USED, CODE_DISABLED, CODE_EXPIRED and WALLET_NOT_FOUND. */
export type RedeemCode = (input: RedeemCodeInput) => Promise<RedeemedCode>;

const textCharactersMax = 128;
// Enough of the hash to be unique, within what a request id may have.
const hashCharacters = 48;

/** The code's lock makes racing customers take turns; the ledger's unique request id is the second net. */
export function createRedeemCode(ports: RedeemCodePorts): RedeemCode {
  return async ({ userId, text }) => {
    const trimmed = text.trim();
    if (trimmed === "" || trimmed.length > textCharactersMax) {
      throw fault("CODE_UNKNOWN");
    }
    const hash = ports.codeVault.hash(trimmed);
    const { activity, ...redeemed } = await ports.transactions.run(async (tx) =>
      redeem(ports, { userId, hash }, tx),
    );
    ports.feed.publish(activity);
    await ports.changes.flush();
    return redeemed;
  };
}

async function redeem(
  ports: RedeemCodePorts,
  { userId, hash }: { readonly userId: number; readonly hash: string },
  tx: Tx,
): Promise<RedeemedCode & { readonly activity: Activity }> {
  const nowMs = ports.clock.nowMs();
  const at = Math.floor(nowMs / 1000);
  const stored = await ports.codes.lockByHash(hash, tx);
  if (stored === undefined) {
    throw fault("CODE_UNKNOWN");
  }
  const { id, name, amountNanos, creditSeconds } = stored.code;
  checkRedeemable(stored.code, at);
  const expiresAtMs = creditSeconds === 0 ? 0 : nowMs + creditSeconds * 1000;
  await ports.codes.markUsed(id, { userId, at }, tx);
  const requestId = `redemption:${hash.slice(0, hashCharacters)}`;
  const remark = `Redemption code ${id} (${name})`;
  await ports.adjustWallet(
    { requestId, userId, amountNanos, kind: "redemption", remark, actorId: userId, expiresAtMs },
    tx,
  );
  const activity = await ports.activities.append(
    {
      kind: "top-up",
      userId,
      content: `Topped up with a redemption code: ${describeAmount(amountNanos, ports.options)}`,
      channelId: 0,
      model: "",
      durationMs: 0,
    },
    tx,
  );
  return { amountNanos, expiresAtMs, activity };
}

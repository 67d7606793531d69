/**
 * Double entry: money never appears or vanishes, it moves between accounts. A user's account holds what we owe the user, so a charge
 * is negative on it and positive on `revenue`; a top-up is positive on it and negative on `cash`.
 */
import { strict as assert } from "node:assert";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";

/** Accounts of the platform. Money from and to payment providers has one for each provider. */
export type PlatformAccount =
  | "revenue"
  | "cash"
  | `cash:${string}`
  | "gift"
  | "promo"
  | "redemption"
  | "refund"
  | "write-off"
  | "correction";

/** What a transaction is. */
export type LedgerKind = "settlement" | AdjustmentKind;

/** Movements that are not settlements, and the account on their other side when they do not name one themselves. */
const adjustmentAccounts = {
  /** An operator added what was paid outside. */
  "top-up": "cash",
  /** An operator corrected the balance. */
  correction: "correction",
  gift: "gift",
  "new-user-credit": "gift",
  "invite-reward": "gift",
  promotion: "promo",
  /** A code was redeemed. */
  redemption: "redemption",
  /** A payment provider says that money came in, or went back. */
  payment: "cash",
  chargeback: "cash",
  /** What a call cost was given back. */
  refund: "refund",
  /** Credit was not spent in its time. */
  expiry: "promo",
  /** A debt was given up. */
  "write-off": "write-off",
} as const satisfies Readonly<Record<string, PlatformAccount>>;

/** Movements that are not settlements. */
export type AdjustmentKind = keyof typeof adjustmentAccounts;

/** One line of a transaction. */
export interface LedgerEntry {
  /** "user:12" or a platform account. */
  readonly accountId: string;
  /** The owner of a user account; 0 for the platform's. */
  readonly userId: number;
  /** Signed. */
  readonly amountNanos: NanoUsd;
}

/** A change of a user's balance. */
export interface Movement {
  readonly userId: number;
  /** Signed. */
  readonly amountNanos: NanoUsd;
  /** The other side. */
  readonly account: PlatformAccount;
}

/** The account on the other side of a kind of movement. */
export function accountOf(kind: LedgerKind): PlatformAccount {
  return kind === "settlement" ? "revenue" : adjustmentAccounts[kind];
}

/** True for the name of a kind that is no settlement. */
export function isAdjustmentKind(text: string): text is AdjustmentKind {
  return Object.hasOwn(adjustmentAccounts, text);
}

/** The pair of entries that changes a user's balance by `amountNanos`. */
export function pairOf(
  kind: LedgerKind,
  userId: number,
  amountNanos: NanoUsd,
): readonly LedgerEntry[] {
  return entriesOf({ userId, amountNanos, account: accountOf(kind) });
}

/** The pair of entries of a movement. */
export function entriesOf({ userId, amountNanos, account }: Movement): readonly LedgerEntry[] {
  return checked([
    { accountId: `user:${userId}`, userId, amountNanos },
    { accountId: account, userId: 0, amountNanos: nanoUsd(0n - amountNanos) },
  ]);
}

/** The same entries; throws when they do not sum to zero, which is a bug. */
function checked(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const sum = entries.reduce((total, { amountNanos }) => total + amountNanos, 0n);
  assert.equal(sum, 0n, "the entries of a transaction must sum to zero");
  return entries;
}

/**
 * Double entry: money never appears or vanishes, it moves between accounts. A user's account holds what we owe the user, so a charge
 * is negative on it and positive on `revenue`; a top-up is positive on it and negative on `cash`.
 */
import { strict as assert } from "node:assert";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";

/** Accounts of the platform. */
export type PlatformAccount = "revenue" | "cash" | "gift" | "correction";

/** What a transaction is. */
export type LedgerKind = "settlement" | AdjustmentKind;

/** Movements that are not settlements. */
export type AdjustmentKind = "top-up" | "correction" | "gift";

/** One line of a transaction. */
export interface LedgerEntry {
  /** "user:12" or a platform account. */
  readonly accountId: string;
  /** The owner of a user account; 0 for the platform's. */
  readonly userId: number;
  /** Signed. */
  readonly amountNanos: NanoUsd;
}

const counterAccounts = {
  settlement: "revenue",
  "top-up": "cash",
  correction: "correction",
  gift: "gift",
} as const satisfies Readonly<Record<LedgerKind, PlatformAccount>>;

/** The pair of entries that changes a user's balance by `amountNanos`. */
export function pairOf(
  kind: LedgerKind,
  userId: number,
  amountNanos: NanoUsd,
): readonly LedgerEntry[] {
  return checked([
    { accountId: `user:${userId}`, userId, amountNanos },
    { accountId: counterAccounts[kind], userId: 0, amountNanos: nanoUsd(0n - amountNanos) },
  ]);
}

/** The same entries; throws when they do not sum to zero, which is a bug. */
function checked(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const sum = entries.reduce((total, { amountNanos }) => total + amountNanos, 0n);
  assert.equal(sum, 0n, "the entries of a transaction must sum to zero");
  return entries;
}

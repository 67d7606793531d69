import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";

/** A user's money. */
export interface Wallet {
  readonly userId: number;
  /** Deposits minus charges; below zero when a call cost more than was left. */
  readonly postedNanos: NanoUsd;
  /** Part of posted that active leases hold. */
  readonly heldNanos: NanoUsd;
  /** How far posted may fall below zero. */
  readonly creditLimitNanos: NanoUsd;
  readonly usedNanos: NanoUsd;
  readonly requestCount: number;
  /** Grows with every change. */
  readonly version: bigint;
}

/** A key's limit and counters. */
export interface KeyCap {
  readonly keyId: number;
  readonly userId: number;
  /** False: only the counters matter. */
  readonly isCapped: boolean;
  /** What may be spent in all. */
  readonly capNanos: NanoUsd;
  readonly usedNanos: NanoUsd;
  readonly heldNanos: NanoUsd;
  /** Seconds since 1970 of the last settled call; 0 = never. */
  readonly accessedAt: number;
  /** The key was deleted. */
  readonly isClosed: boolean;
}

/** What can still be set aside or taken. May be negative. */
export function availableOf(
  wallet: Pick<Wallet, "postedNanos" | "heldNanos" | "creditLimitNanos">,
): NanoUsd {
  return nanoUsd(wallet.postedNanos - wallet.heldNanos + wallet.creditLimitNanos);
}

/** What can still be set aside on the cap. May be negative. */
export function capAvailableOf(cap: Pick<KeyCap, "capNanos" | "usedNanos" | "heldNanos">): NanoUsd {
  return nanoUsd(cap.capNanos - cap.usedNanos - cap.heldNanos);
}

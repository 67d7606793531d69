import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { Tx } from "./transaction.ts";

/** Money that is wanted back from a lease. */
export interface RecallNotice {
  /** Hexadecimal. */
  readonly journal: string;
  readonly epoch: number;
  readonly leaseNo: number;
  /** What may stay of what no call has reserved. */
  readonly keepNanos: NanoUsd;
}

/** What other parts of quota, and the relays behind every replica, must know at once. */
export interface Change {
  /** Keys that were changed, disabled or deleted. */
  readonly keyIds?: readonly number[];
  /** Users that were changed, disabled or deleted: all their keys. */
  readonly userIds?: readonly number[];
  /** The price book that is current from now on. */
  readonly priceVersion?: number;
  /** Channels charge us something else. */
  readonly isCostChange?: boolean;
  /** Some option has another value. */
  readonly isOptionChange?: boolean;
  /** Money wanted back, for the replica that the relay has its session with. */
  readonly recalls?: readonly RecallNotice[];
  /** Users whose balance grew: whoever was refused their money may ask again. */
  readonly filledUserIds?: readonly number[];
}

/**
 * News for this process and for every other replica. A change is a row: it becomes visible with the transaction that it
 * belongs to, and every replica (this one too) hears of it through its poll, at most half a second later, or at `flush`.
 */
export interface Changes {
  /** Writes the change; inside `tx` when one is given. A change without any field set is ignored. */
  readonly notify: (change: Change, tx?: Tx) => Promise<void>;
  /** Delivers what is committed now instead of at the next poll. Call it after the transaction of a change. */
  readonly flush: () => Promise<void>;
  /** Listeners must not throw. Returns what ends the subscription. */
  readonly subscribe: (listener: (change: Change) => void) => () => void;
  readonly close: () => void;
}

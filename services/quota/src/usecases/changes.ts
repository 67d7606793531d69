import type { Tx } from "./transaction.ts";

/** What other parts of quota, and the relays behind every replica, must know at once. */
export interface Change {
  /** Keys that were changed, disabled or deleted. */
  readonly keyIds?: readonly number[];
  /** Users that were changed, disabled or deleted: all their keys. */
  readonly userIds?: readonly number[];
  /** The price book that is current from now on. */
  readonly priceVersion?: number;
  /** Some option has another value. */
  readonly isOptionChange?: boolean;
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

import type { Timer } from "@tollgate/kit/clock/clock";
import type { RefusalReason } from "#ledgering/acquire-request.ts";
import type { Lease } from "#ledgering/lease.ts";

/** A call that waits for money. */
export interface Waiter extends CallNeed {
  readonly answer: (outcome: ReserveOutcome) => void;
  /** Monotonic. */
  readonly sinceMs: number;
  timer: Timer | undefined;
}

/** What a call may cost. */
export interface CallNeed {
  /** Nano-USD as calls usually cost at most. */
  readonly estimate: number;
  /** Nano-USD with every byte of the input counted as a token; at least {@link estimate}. */
  readonly estimateMax: number;
}

export type ReserveOutcome =
  | {
      readonly kind: "reserved";
      readonly lease: Lease;
      /** What is set aside, to be given to `settle` again. */
      readonly reservedNanos: number;
    }
  | {
      readonly kind: "refused";
      readonly reason: RefusalReason;
      readonly askedNanos: bigint;
      readonly availableNanos: bigint;
    }
  | { readonly kind: "unavailable" };

import type { Timer } from "@tollgate/kit/clock/clock";
import type { AcquireOutcome, LeaseAccount, RefusalReason } from "#ledgering/lease-account.ts";
import type { Lease } from "#ledgering/lease.ts";

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

/** A call that waits for money. */
export interface Waiter extends CallNeed {
  readonly answer: (outcome: ReserveOutcome) => void;
  /** Monotonic. */
  readonly sinceMs: number;
  timer: Timer | undefined;
}

/** Gives every waiter the same answer. */
export function answerAll(account: LeaseAccount, outcome: ReserveOutcome): void {
  const { waiters } = account;
  account.waiters = [];
  for (const waiter of waiters) {
    answerOne(waiter, outcome);
  }
}

/** Takes the first waiter out and answers it. */
export function answerHead(account: LeaseAccount, outcome: ReserveOutcome): void {
  const head = account.waiters.shift();
  if (head !== undefined) {
    answerOne(head, outcome);
  }
}

/**
 * Refuses those for whom there is not enough and who have waited long enough, or for whom waiting is no use. Answers how long to
 * wait before the first one that is left asks again.
 */
export function refuseHopeless(
  account: LeaseAccount,
  outcome: Extract<AcquireOutcome, { readonly kind: "refused" }>,
  waitedSinceMs: number,
): number {
  const { reason, availableNanos, retryAfterMs, isSingleCall } = outcome;
  const isFinal = retryAfterMs === 0 || reason === "revoked";
  const left: Waiter[] = [];
  for (const [place, waiter] of account.waiters.entries()) {
    const askedNanos = BigInt(isSingleCall ? waiter.estimateMax : waiter.estimate);
    // The first one asked, so the refusal is its own whatever the figures say.
    const isShort = place === 0 || reason === "revoked" || askedNanos > availableNanos;
    if (isShort && (isFinal || waiter.sinceMs <= waitedSinceMs)) {
      answerOne(waiter, { kind: "refused", reason, askedNanos, availableNanos });
    } else {
      left.push(waiter);
    }
  }
  const isHeadAnswered = left[0] !== account.waiters[0];
  account.waiters = left;
  return isHeadAnswered ? 0 : retryAfterMs;
}

function answerOne(waiter: Waiter, outcome: ReserveOutcome): void {
  waiter.timer?.cancel();
  waiter.answer(outcome);
}

import type { AcquireOutcome } from "#ledgering/acquire-request.ts";
import type { LeaseAccount } from "#ledgering/lease-account.ts";
import type { ReserveOutcome, Waiter } from "#ledgering/waiter.ts";

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

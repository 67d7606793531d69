/** Asks quota for leases, one question at a time for a payer, and again when it says that another try may go better. */
import type { Clock } from "@tollgate/kit/clock/clock";
import type { AcquireOutcome, AcquireReason, AcquireRequest } from "#ledgering/acquire-request.ts";
import type { LeaseAccount } from "#ledgering/lease-account.ts";
import { describeWant } from "#ledgering/lease-account.ts";
import type { Waiter } from "#ledgering/waiter.ts";
import { refuseHopeless } from "#ledgering/lease-waiters.ts";

/** Money that has come. */
export interface Grant {
  readonly request: AcquireRequest;
  readonly grantedNanos: bigint;
  /** The call that alone may use it, if it waits still; absent = it is for everybody. */
  readonly onlyFor?: { readonly waiter: Waiter | undefined };
  /** Keys or users were changed since it was asked for. */
  readonly isRevoked: boolean;
}

export interface LeaseAskingPorts {
  readonly clock: Clock;
  /** Asks quota until it has answered: the outcome is final for the lease number. Rejects only at the end of the process. */
  readonly acquire: (request: AcquireRequest) => Promise<AcquireOutcome>;
  /** Milliseconds for which a call asks again for money that other relays may give back. */
  readonly retryForMs: number;
}

export interface LeaseAskingEvents {
  readonly onGranted: (account: LeaseAccount, grant: Grant) => void;
  /** Serves who waits, and asks again if somebody is left. */
  readonly onAnswered: (account: LeaseAccount) => void;
  /** Gives back what is free in the lease at hand; resolves when quota knows. False = there was nothing. */
  readonly reclaim: (account: LeaseAccount) => Promise<boolean>;
}

const refillPauseMs = 1000;

export class LeaseAsking {
  readonly #ports: LeaseAskingPorts;
  readonly #events: LeaseAskingEvents;
  readonly #pending = new Set<number>();
  #lastLeaseNo = 0;
  #isClosed = false;

  constructor(ports: LeaseAskingPorts, events: LeaseAskingEvents) {
    this.#ports = ports;
    this.#events = events;
  }

  /** Does nothing while a question of the payer is under way. */
  acquire(account: LeaseAccount, reason: AcquireReason): void {
    if (account.isAcquiring || this.#isClosed) {
      return;
    }
    account.isAcquiring = true;
    this.#lastLeaseNo += 1;
    const request: AcquireRequest = {
      leaseNo: this.#lastLeaseNo,
      userId: account.userId,
      keyId: account.keyId,
      reason,
      ...describeWant(account),
    };
    const [waiter] = account.waiters;
    const asked = { request, waiter, revocations: account.revocations };
    this.#pending.add(request.leaseNo);
    this.#ports
      .acquire(request)
      .then(async (outcome) => this.#accept(account, asked, outcome))
      .catch(() => {
        // The process is ending: whoever waits is told by its own deadline.
        account.isAcquiring = false;
      });
  }

  /** Asks at once instead of at the time that quota named: money has come in. */
  askAgain(account: LeaseAccount): void {
    account.refillNotBeforeMs = 0;
    if (account.retryTimer !== undefined) {
      account.retryTimer.cancel();
      this.#finish(account);
    }
  }

  /** Every request for a lease up to this number is answered, or will never be used. */
  resolvedUpTo(): number {
    const [oldest = this.#lastLeaseNo + 1] = this.#pending;
    return oldest - 1;
  }

  /** Asks nothing any more. */
  close(): void {
    this.#isClosed = true;
  }

  async #accept(account: LeaseAccount, asked: Asked, outcome: AcquireOutcome): Promise<void> {
    const { request, waiter, revocations } = asked;
    this.#pending.delete(request.leaseNo);
    if (outcome.kind === "granted") {
      const { grantedNanos, isSingleCall } = outcome;
      const isWaiting = account.waiters[0] === waiter;
      account.isAcquiring = false;
      this.#events.onGranted(account, {
        request,
        grantedNanos,
        isRevoked: revocations !== account.revocations,
        ...(isSingleCall && { onlyFor: { waiter: isWaiting ? waiter : undefined } }),
      });
      return;
    }
    const { clock, retryForMs } = this.#ports;
    account.refillNotBeforeMs = clock.monotonicMs() + Math.max(outcome.retryAfterMs, refillPauseMs);
    if (account.waiters.length > 0 && (await this.#events.reclaim(account))) {
      // What was free here may be just what is missing there.
      this.#finish(account);
      return;
    }
    const againInMs = refuseHopeless(account, outcome, clock.monotonicMs() - retryForMs);
    if (account.waiters.length === 0 || againInMs === 0 || this.#isClosed) {
      this.#finish(account);
    } else {
      account.retryTimer = clock.setTimeout(() => this.#finish(account), againInMs);
    }
  }

  #finish(account: LeaseAccount): void {
    account.retryTimer = undefined;
    account.isAcquiring = false;
    this.#events.onAnswered(account);
  }
}

interface Asked {
  readonly request: AcquireRequest;
  /** Who waited first. */
  readonly waiter: Waiter | undefined;
  readonly revocations: number;
}

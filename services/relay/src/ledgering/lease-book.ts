/**
 * Admission: a call runs only if its estimate fits what is free in a lease of its user (or of its capped key), and what runs is
 * counted as spent until it has ended. No clock decides about money here: a lease ends by a record in the journal, which
 * follows the usage that was spent from it.
 */
import type { Clock, Timer } from "@tollgate/kit/clock/clock";
import type {
  AcquireOutcome,
  AcquireReason,
  AcquireRequest,
  LeaseAccount,
  LeaseState,
  Payer,
  ReserveOutcome,
  Waiter,
} from "#ledgering/lease-account.ts";
import {
  answerAll,
  describeLease,
  describeWant,
  isIdle,
  isUnused,
  openAccount,
  spendRateOf,
} from "#ledgering/lease-account.ts";
import type { LeaseReturnPorts } from "#ledgering/lease-return.ts";
import { giveBack, releaseIfEmpty } from "#ledgering/lease-return.ts";
import type { Lease } from "#ledgering/lease.ts";
import { freeOf, openLease } from "#ledgering/lease.ts";

export interface LeaseBookPorts extends LeaseReturnPorts {
  readonly clock: Clock;
  /** Asks quota until it has answered: the outcome is final for the lease number. Rejects only at the end of the process. */
  readonly acquire: (request: AcquireRequest) => Promise<AcquireOutcome>;
  /** Resolves when quota has applied the record. */
  readonly shipped: (seq: number) => Promise<void>;
  /** How long a call may wait for money. */
  readonly waitMs: number;
}

const tickMs = 1000;
const decayPerTick = 2 ** (-tickMs / 30_000);
const refillShare = 0.3;
const refillSeconds = 3;
const refillPauseMs = 1000;
const waitersMax = 1000;

export class LeaseBook {
  readonly #ports: LeaseBookPorts;
  readonly #accounts = new Map<number, LeaseAccount>();
  /** Every lease that quota may still believe to be open. */
  readonly #leases = new Map<number, Lease>();
  readonly #pending = new Set<number>();
  readonly #timer: Timer;
  #lastLeaseNo = 0;
  #isClosed = false;

  constructor(ports: LeaseBookPorts) {
    this.#ports = ports;
    this.#timer = ports.clock.setInterval(() => this.#tick(), tickMs);
  }

  /** Takes the estimate from the lease at hand; `undefined` = there is not enough, see {@link reserve}. */
  tryReserve(payer: Payer, estimate: number): Lease | undefined {
    const account = this.#accountOf(payer);
    if (account.waiters.length > 0) {
      return undefined;
    }
    const lease = this.#take(account, estimate);
    if (lease !== undefined) {
      this.#refillIfLow(account, lease);
    }
    return lease;
  }

  /** Like {@link tryReserve}, but waits for quota when there is not enough. */
  async reserve(payer: Payer, estimate: number): Promise<ReserveOutcome> {
    const account = this.#accountOf(payer);
    if (this.#isClosed || account.waiters.length >= waitersMax || !Number.isSafeInteger(estimate)) {
      return { kind: "unavailable" };
    }
    return new Promise((answer) => {
      const waiter: Waiter = { estimate, answer, timer: undefined };
      waiter.timer = this.#ports.clock.setTimeout(() => {
        account.waiters = account.waiters.filter((other) => other !== waiter);
        answer({ kind: "unavailable" });
      }, this.#ports.waitMs);
      account.waiters.push(waiter);
      this.#serve(account);
    });
  }

  /** The call has ended and its END record is in the journal. */
  settle(lease: Lease, estimate: number, cost: number): void {
    lease.reserved -= estimate;
    lease.used += cost;
    lease.openCalls -= 1;
    lease.usedAtMs = this.#ports.clock.monotonicMs();
    const account = this.#accountOf(lease);
    account.spentSinceTick += cost;
    if (lease.isDraining) {
      releaseIfEmpty(this.#ports, lease);
    } else if (account.waiters.length > 0) {
      this.#serve(account);
    }
  }

  /** Quota wants money back: everything free above `keepNanos` goes. */
  recall(leaseNo: number, keepNanos: number): void {
    const lease = this.#leases.get(leaseNo);
    if (lease !== undefined && lease.releasedSeq < 0) {
      giveBack(this.#ports, lease, freeOf(lease) - keepNanos);
    }
  }

  /** Leases that are open, or whose release quota has not applied yet. */
  inventory(): readonly LeaseState[] {
    return [...this.#leases.values()].map((lease) => describeLease(lease, this.#accountOf(lease)));
  }

  /** Every request for a lease up to this number is answered, or will never be used. */
  resolvedUpTo(): number {
    const [oldest = this.#lastLeaseNo + 1] = this.#pending;
    return oldest - 1;
  }

  /** Quota has applied every record before `hwm`. */
  forgetShipped(hwm: number): void {
    for (const lease of this.#leases.values()) {
      if (lease.releasedSeq >= 0 && lease.releasedSeq < hwm) {
        this.#leases.delete(lease.leaseNo);
      }
    }
  }

  /** Refuses whoever waits and gives every lease back as soon as no call holds money of it. */
  close(): void {
    this.#isClosed = true;
    this.#timer.cancel();
    for (const account of this.#accounts.values()) {
      answerAll(account, { kind: "unavailable" });
      this.#retire(account);
    }
  }

  #accountOf(payer: Payer): LeaseAccount {
    const key = accountKey(payer);
    let account = this.#accounts.get(key);
    if (account === undefined) {
      account = openAccount(payer);
      this.#accounts.set(key, account);
    }
    return account;
  }

  #take(account: LeaseAccount, estimate: number): Lease | undefined {
    const lease = account.current;
    if (lease === undefined || freeOf(lease) < estimate) {
      return undefined;
    }
    lease.reserved += estimate;
    lease.openCalls += 1;
    lease.usedAtMs = this.#ports.clock.monotonicMs();
    return lease;
  }

  /** Admits waiters in order while there is money, then asks for more if some are left. */
  #serve(account: LeaseAccount): void {
    const left: Waiter[] = [];
    for (const waiter of account.waiters) {
      const lease = left.length === 0 ? this.#take(account, waiter.estimate) : undefined;
      if (lease === undefined) {
        left.push(waiter);
        continue;
      }
      waiter.timer?.cancel();
      waiter.answer({ kind: "reserved", lease });
    }
    account.waiters = left;
    if (left.length > 0) {
      this.#acquire(account, account.current === undefined ? "first" : "starved");
    }
  }

  #refillIfLow(account: LeaseAccount, lease: Lease): void {
    const floor = Math.max(lease.granted * refillShare, spendRateOf(account) * refillSeconds);
    const isDue = this.#ports.clock.monotonicMs() >= account.refillNotBeforeMs;
    if (freeOf(lease) < floor && isDue) {
      this.#acquire(account, "refill");
    }
  }

  #acquire(account: LeaseAccount, reason: AcquireReason): void {
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
    this.#pending.add(request.leaseNo);
    this.#ports
      .acquire(request)
      .then(async (outcome) => this.#accept(account, request, outcome))
      .catch(() => {
        // The process is ending: whoever waits is told by its own deadline.
        account.isAcquiring = false;
      });
  }

  async #accept(
    account: LeaseAccount,
    request: AcquireRequest,
    outcome: AcquireOutcome,
  ): Promise<void> {
    this.#pending.delete(request.leaseNo);
    if (outcome.kind === "granted") {
      account.isAcquiring = false;
      this.#replaceLease(account, request, outcome.grantedNanos);
      return;
    }
    account.refillNotBeforeMs =
      this.#ports.clock.monotonicMs() + Math.max(outcome.retryAfterMs, refillPauseMs);
    if (account.waiters.length > 0 && (await this.#reclaim(account))) {
      // What was free here may be just what is missing there.
      account.isAcquiring = false;
      this.#serve(account);
      return;
    }
    account.isAcquiring = false;
    answerAll(account, {
      kind: "refused",
      reason: outcome.reason,
      availableNanos: outcome.availableNanos,
    });
  }

  #replaceLease(account: LeaseAccount, request: AcquireRequest, grantedNanos: bigint): void {
    this.#retire(account);
    const nowMs = this.#ports.clock.monotonicMs();
    const lease = openLease({ ...request, grantedNanos, nowMs });
    this.#leases.set(lease.leaseNo, lease);
    if (this.#isClosed) {
      lease.isDraining = true;
      releaseIfEmpty(this.#ports, lease);
      return;
    }
    account.current = lease;
    this.#serve(account);
  }

  /** Gives back what is free in the lease at hand and waits until quota knows. False = there was nothing. */
  async #reclaim(account: LeaseAccount): Promise<boolean> {
    const lease = account.current;
    if (lease === undefined || freeOf(lease) <= 0) {
      return false;
    }
    const seq = this.#retire(account);
    await this.#ports.shipped(seq);
    return true;
  }

  /** Takes the lease out of use; answers the number of the last record that this made, -1 = none. */
  #retire(account: LeaseAccount): number {
    const lease = account.current;
    account.current = undefined;
    if (lease === undefined) {
      return -1;
    }
    lease.isDraining = true;
    return lease.openCalls === 0
      ? releaseIfEmpty(this.#ports, lease)
      : giveBack(this.#ports, lease, freeOf(lease));
  }

  #tick(): void {
    const nowMs = this.#ports.clock.monotonicMs();
    for (const account of this.#accounts.values()) {
      account.spendRate =
        account.spendRate * decayPerTick + account.spentSinceTick * (1 - decayPerTick);
      account.spentSinceTick = 0;
      if (isIdle(account.current, nowMs)) {
        this.#retire(account);
      }
      if (isUnused(account)) {
        this.#accounts.delete(accountKey(account));
      }
    }
  }
}

/** Users and capped keys in one table: their ids never meet. */
function accountKey({ userId, keyId }: Payer): number {
  return keyId === 0 ? userId : -keyId;
}

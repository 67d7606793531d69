/**
 * Admission: a call runs only if its estimate fits what is free in a lease of its user (or of its capped key), and what runs is
 * counted as spent until it has ended. No clock decides about money here: a lease ends by a record in the journal, which
 * follows the usage that was spent from it.
 */
import type { Clock, Timer } from "@tollgate/kit/clock/clock";
import type { Payer } from "#ledgering/acquire-request.ts";
import type { LeaseAccount, LeaseState } from "#ledgering/lease-account.ts";
import {
  decayAccount,
  describeLease,
  isIdle,
  isLow,
  isUnused,
  openAccount,
  surplusOf,
} from "#ledgering/lease-account.ts";
import type { Grant, LeaseAskingPorts } from "#ledgering/lease-asking.ts";
import { LeaseAsking } from "#ledgering/lease-asking.ts";
import type { LeaseReturnPorts } from "#ledgering/lease-return.ts";
import { giveBack, releaseIfEmpty } from "#ledgering/lease-return.ts";
import type { CallNeed, ReserveOutcome, Waiter } from "#ledgering/waiter.ts";
import { answerAll, answerHead } from "#ledgering/lease-waiters.ts";
import type { Lease } from "#ledgering/lease.ts";
import { freeOf, openLease } from "#ledgering/lease.ts";

export interface LeaseBookPorts extends LeaseReturnPorts, LeaseAskingPorts {
  readonly clock: Clock;
  /** Resolves when quota has applied the record. */
  readonly shipped: (seq: number) => Promise<void>;
  /** How long a call may wait for quota's answer. */
  readonly waitMs: number;
}

const tickMs = 1000;
const decayPerTick = 2 ** (-tickMs / 30_000);
const recallPauseMs = 1000;
const shrinkEveryMs = 10_000;
const waitersMax = 1000;

export class LeaseBook {
  readonly #ports: LeaseBookPorts;
  readonly #asking: LeaseAsking;
  readonly #accounts = new Map<number, LeaseAccount>();
  /** Every lease that quota may still believe to be open. */
  readonly #leases = new Map<number, Lease>();
  readonly #timer: Timer;
  #isClosed = false;

  constructor(ports: LeaseBookPorts) {
    this.#ports = ports;
    this.#asking = new LeaseAsking(ports, {
      onGranted: (account, grant) => this.#accept(account, grant),
      onAnswered: (account) => this.#serve(account),
      reclaim: async (account) => this.#reclaim(account),
    });
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
  async reserve(payer: Payer, need: CallNeed): Promise<ReserveOutcome> {
    const account = this.#accountOf(payer);
    const isCountable = Number.isSafeInteger(need.estimateMax) && need.estimateMax >= need.estimate;
    if (this.#isClosed || account.waiters.length >= waitersMax || !isCountable) {
      return { kind: "unavailable" };
    }
    return new Promise((answer) => {
      const { clock, waitMs } = this.#ports;
      const waiter: Waiter = { ...need, answer, sinceMs: clock.monotonicMs(), timer: undefined };
      waiter.timer = clock.setTimeout(() => {
        account.waiters = account.waiters.filter((other) => other !== waiter);
        answer({ kind: "unavailable" });
      }, waitMs);
      account.waiters.push(waiter);
      this.#serve(account);
    });
  }

  /** The call has ended and its END record is in the journal. */
  settle(lease: Lease, reservedNanos: number, cost: number): void {
    lease.reserved -= reservedNanos;
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
      // What was just asked back is needed elsewhere.
      const account = this.#accountOf(lease);
      account.refillNotBeforeMs = this.#ports.clock.monotonicMs() + recallPauseMs;
    }
  }

  /** Limits of these keys or users were changed: what is free of their money goes back, and quota decides anew. */
  revoke(keyIds: readonly number[], userIds: readonly number[]): void {
    const keys = new Set(keyIds);
    const users = new Set(userIds);
    for (const account of this.#accounts.values()) {
      if (users.has(account.userId) || keys.has(account.keyId)) {
        account.revocations += 1;
        this.#retire(account);
      }
    }
  }

  /** Money has come to these users: whoever was refused theirs asks again at once. */
  askAgain(userIds: readonly number[]): void {
    const users = new Set(userIds);
    for (const account of this.#accounts.values()) {
      if (users.has(account.userId)) {
        this.#asking.askAgain(account);
      }
    }
  }

  /** Leases that are open, or whose release quota has not applied yet. */
  inventory(): readonly LeaseState[] {
    return [...this.#leases.values()].map((lease) => describeLease(lease, this.#accountOf(lease)));
  }

  /** Every request for a lease up to this number is answered, or will never be used. */
  resolvedUpTo(): number {
    return this.#asking.resolvedUpTo();
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
    this.#asking.close();
    this.#timer.cancel();
    for (const account of this.#accounts.values()) {
      account.retryTimer?.cancel();
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
    if (estimate > account.highEstimate) {
      account.highEstimate = estimate;
    }
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
    for (let [head] = account.waiters; head !== undefined; [head] = account.waiters) {
      const lease = this.#take(account, head.estimate);
      if (lease === undefined) {
        this.#asking.acquire(account, account.current === undefined ? "first" : "starved");
        return;
      }
      answerHead(account, { kind: "reserved", lease, reservedNanos: head.estimate });
    }
  }

  #refillIfLow(account: LeaseAccount, lease: Lease): void {
    const isDue = this.#ports.clock.monotonicMs() >= account.refillNotBeforeMs;
    if (isDue && isLow(account, lease)) {
      this.#asking.acquire(account, "refill");
    }
  }

  #accept(account: LeaseAccount, grant: Grant): void {
    const { request, grantedNanos, onlyFor, isRevoked } = grant;
    this.#retire(account);
    const nowMs = this.#ports.clock.monotonicMs();
    const lease = openLease({ ...request, grantedNanos, nowMs });
    this.#leases.set(lease.leaseNo, lease);
    if (onlyFor !== undefined) {
      this.#serveOne(account, lease, onlyFor.waiter);
    } else if (this.#isClosed || isRevoked) {
      lease.isDraining = true;
      releaseIfEmpty(this.#ports, lease);
    } else {
      account.current = lease;
    }
    this.#serve(account);
  }

  /** A lease for a single call: all of it is the call's, and the rest goes back when the call has ended. */
  #serveOne(account: LeaseAccount, lease: Lease, waiter: Waiter | undefined): void {
    lease.isDraining = true;
    if (waiter === undefined || this.#isClosed) {
      releaseIfEmpty(this.#ports, lease);
      return;
    }
    lease.reserved = lease.granted;
    lease.openCalls = 1;
    answerHead(account, { kind: "reserved", lease, reservedNanos: lease.granted });
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
      decayAccount(account, decayPerTick);
      if (isIdle(account.current, nowMs)) {
        this.#retire(account);
      } else if (nowMs >= account.shrinkNotBeforeMs) {
        this.#shrink(account, nowMs);
      }
      if (isUnused(account)) {
        this.#accounts.delete(accountKey(account));
      }
    }
  }

  #shrink(account: LeaseAccount, nowMs: number): void {
    const lease = account.current;
    if (lease !== undefined) {
      account.shrinkNotBeforeMs = nowMs + shrinkEveryMs;
      giveBack(this.#ports, lease, surplusOf(account));
    }
  }
}

/** Users and capped keys in one table: their ids never meet. */
function accountKey({ userId, keyId }: Payer): number {
  return keyId === 0 ? userId : -keyId;
}

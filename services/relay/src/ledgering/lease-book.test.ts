import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import { createSeededRandom } from "@tollgate/kit/testing/seeded-random";
import type { RecordContent } from "#ledgering/encode-record.ts";
import type { AcquireOutcome, AcquireRequest } from "#ledgering/acquire-request.ts";
import { LeaseBook } from "#ledgering/lease-book.ts";
import type { Lease } from "#ledgering/lease.ts";

/** A lease book over a bank with one account that applies records at once. */
function setUp(balance: number) {
  const clock = createFakeClock();
  const records: RecordContent[] = [];
  const requests: AcquireRequest[] = [];
  const bank = {
    available: balance,
    retryAfterMs: 0,
    /** With less than this left, leases are for single calls. */
    thinBelow: 0,
    granted: new Map<number, number>(),
    /** What a test says was spent of a lease; its release then gives the rest back. */
    spent: new Map<number, number>(),
  };
  let hold: Promise<void> | undefined;
  const acquire = async (request: AcquireRequest): Promise<AcquireOutcome> => {
    requests.push(request);
    await hold;
    if (bank.available < request.needMinNanos || bank.available <= 0) {
      const availableNanos = BigInt(bank.available);
      return {
        kind: "refused",
        reason: "balance",
        availableNanos,
        retryAfterMs: bank.retryAfterMs,
        isSingleCall: false,
      };
    }
    if (bank.available < bank.thinBelow && request.singleNeedNanos > 0) {
      return grantSingle(request);
    }
    const half = Math.max(request.needMinNanos, Math.floor(bank.available / 2));
    const amount = Math.min(request.wantNanos, half);
    bank.available -= amount;
    bank.granted.set(request.leaseNo, amount);
    return { kind: "granted", grantedNanos: BigInt(amount), isSingleCall: false };
  };
  /** As quota does near the end of a balance. */
  const grantSingle = ({ leaseNo, singleNeedNanos }: AcquireRequest): AcquireOutcome => {
    if (bank.available < singleNeedNanos) {
      const availableNanos = BigInt(bank.available);
      const { retryAfterMs } = bank;
      return {
        kind: "refused",
        reason: "balance",
        availableNanos,
        retryAfterMs,
        isSingleCall: true,
      };
    }
    bank.available -= singleNeedNanos;
    bank.granted.set(leaseNo, singleNeedNanos);
    return { kind: "granted", grantedNanos: BigInt(singleNeedNanos), isSingleCall: true };
  };
  const append = (content: RecordContent): number => {
    records.push(content);
    if (content.kind === "returned") {
      bank.available += content.amountNanos;
      const rest = (bank.granted.get(content.leaseNo) ?? 0) - content.amountNanos;
      bank.granted.set(content.leaseNo, rest);
    }
    const spent = content.kind === "released" ? bank.spent.get(content.leaseNo) : undefined;
    if (content.kind === "released" && spent !== undefined) {
      bank.available += (bank.granted.get(content.leaseNo) ?? 0) - spent;
    }
    return records.length - 1;
  };
  const book = new LeaseBook({
    epoch: 1,
    clock,
    append,
    acquire,
    shipped: async () => undefined,
    waitMs: 2000,
    retryForMs: 500,
  });
  return {
    clock,
    records,
    requests,
    bank,
    book,
    holdAnswers: (until: Promise<void> | undefined) => {
      hold = until;
    },
  };
}

const payer = { userId: 1, keyId: 0 };

const need = (estimate: number) => ({ estimate, estimateMax: 2 * estimate });

test("a call reserves its estimate and gives back what it did not use", async () => {
  const { book } = setUp(1000);
  const outcome = await book.reserve(payer, need(100));
  assert.equal(outcome.kind, "reserved");
  assert.equal(outcome.lease.reserved, 100);
  book.settle(outcome.lease, 100, 30);
  assert.deepEqual([outcome.lease.reserved, outcome.lease.used], [0, 30]);
});

test("calls that run count as spent: no more is reserved than a lease holds", async () => {
  const { book } = setUp(400);
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, async () => book.reserve(payer, need(100))),
  );
  const reserved = outcomes.filter(({ kind }) => kind === "reserved");
  assert.equal(reserved.length, 4);
  const refused = outcomes.find(({ kind }) => kind === "refused");
  assert.deepEqual(refused, {
    kind: "refused",
    reason: "balance",
    askedNanos: 100n,
    availableNanos: 0n,
  });
});

test("money that lies in the present lease is given back before a call is refused", async () => {
  const { book, bank } = setUp(100);
  const first = await book.reserve(payer, need(10));
  assert.equal(first.kind, "reserved");
  bank.spent.set(first.lease.leaseNo, 10);
  book.settle(first.lease, 10, 10);
  const whole = await book.reserve(payer, need(90));
  assert.equal(whole.kind, "reserved");
});

test("one question is under way for a user, however many calls wait", async () => {
  const { book, requests, holdAnswers } = setUp(100_000);
  const gate = Promise.withResolvers<void>();
  holdAnswers(gate.promise);
  const waiting = Array.from({ length: 50 }, async () => book.reserve(payer, need(10)));
  assert.equal(requests.length, 1);
  holdAnswers(undefined);
  gate.resolve();
  const outcomes = await Promise.all(waiting);
  assert.ok(outcomes.every(({ kind }) => kind === "reserved"));
});

test("a call does not wait for money longer than its deadline", async () => {
  const { book, clock, holdAnswers } = setUp(1000);
  holdAnswers(new Promise<void>(() => undefined));
  const waiting = book.reserve(payer, need(10));
  await clock.advance(2000);
  assert.deepEqual(await waiting, { kind: "unavailable" });
});

test("a lease that nobody uses for half a minute is released", async () => {
  const { book, clock, records } = setUp(1000);
  const outcome = await book.reserve(payer, need(10));
  assert.equal(outcome.kind, "reserved");
  await clock.advance(60_000);
  assert.equal(records.length, 0);
  book.settle(outcome.lease, 10, 10);
  await clock.advance(32_000);
  assert.equal(records.at(-1)?.kind, "released");
});

test("a lease is released only after its last call, and stays in the inventory until that is applied", async () => {
  const { book, records } = setUp(1000);
  const outcome = await book.reserve(payer, need(100));
  assert.equal(outcome.kind, "reserved");
  book.close();
  assert.equal(records.filter(({ kind }) => kind === "released").length, 0);
  book.settle(outcome.lease, 100, 70);
  assert.equal(records.at(-1)?.kind, "released");
  assert.equal(book.inventory().length, 1);
  book.forgetShipped(records.length);
  assert.equal(book.inventory().length, 0);
});

test("a request for a lease that is not answered is not called resolved", async () => {
  const { book, holdAnswers } = setUp(1000);
  const gate = Promise.withResolvers<void>();
  holdAnswers(gate.promise);
  const waiting = book.reserve(payer, need(10));
  assert.equal(book.resolvedUpTo(), 0);
  gate.resolve();
  await waiting;
  assert.equal(book.resolvedUpTo(), 1);
});

test("a recall takes only what no call has reserved", async () => {
  const { book, records, bank } = setUp(1000);
  const outcome = await book.reserve(payer, need(100));
  assert.equal(outcome.kind, "reserved");
  const { lease } = outcome;
  book.recall(lease.leaseNo, 0);
  assert.equal(lease.granted, 100);
  assert.equal(bank.available, 900);
  assert.equal(records.at(-1)?.kind, "returned");
});

test("whatever users do, no lease is spent beyond what was granted and nothing leaks", async () => {
  for (let seed = 1; seed <= 30; seed += 1) {
    const random = createSeededRandom(seed);
    const draw = (max: number): number => Math.floor(random.next() * max);
    const { book, bank, records, clock } = setUp(100_000);
    bank.thinBelow = 20_000;
    const running: { lease: Lease; reservedNanos: number }[] = [];
    let spent = 0;
    const settleOne = (): void => {
      const [call] = running.splice(draw(running.length), 1);
      if (call !== undefined) {
        const cost = draw(call.reservedNanos + 1);
        spent += cost;
        book.settle(call.lease, call.reservedNanos, cost);
      }
    };
    for (let step = 0; step < 300; step += 1) {
      const estimate = 1 + draw(2000);
      if (draw(2) === 0) {
        const lease = book.tryReserve(payer, estimate);
        const outcome =
          lease === undefined
            ? await book.reserve(payer, need(estimate))
            : { kind: "reserved" as const, lease, reservedNanos: estimate };
        if (outcome.kind === "reserved") {
          running.push({ lease: outcome.lease, reservedNanos: outcome.reservedNanos });
          const { granted, used, reserved } = outcome.lease;
          assert.ok(used + reserved <= granted, `seed ${seed}: over-reserved`);
        }
      } else {
        settleOne();
      }
      if (draw(20) === 0) {
        await clock.advance(draw(5000));
      }
      if (draw(15) === 0) {
        const open = book.inventory();
        book.recall(open[draw(open.length)]?.leaseNo ?? 0, draw(500));
      }
      if (draw(40) === 0) {
        book.revoke([], [payer.userId]);
      }
      if (draw(40) === 0) {
        book.askAgain([payer.userId]);
      }
    }
    while (running.length > 0) {
      settleOne();
    }
    book.close();
    const released = new Set(
      records.flatMap((record) => (record.kind === "released" ? [record.leaseNo] : [])),
    );
    assert.deepEqual(
      [...bank.granted.keys()].filter((no) => !released.has(no)),
      [],
      `seed ${seed}`,
    );
    const granted = [...bank.granted.values()].reduce((sum, amount) => sum + amount, 0);
    assert.equal(bank.available + granted, 100_000, `seed ${seed}`);
    assert.ok(spent <= granted, `seed ${seed}`);
  }
});

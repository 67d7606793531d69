/** How leases grow, shrink, are shared with other relays, and what happens near the end of a balance. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import type { RecordContent } from "#ledgering/encode-record.ts";
import type { AcquireOutcome, AcquireRequest } from "#ledgering/acquire-request.ts";
import { LeaseBook } from "#ledgering/lease-book.ts";
import type { Lease } from "#ledgering/lease.ts";

const payer = { userId: 1, keyId: 0 };
const need = (estimate: number) => ({ estimate, estimateMax: 2 * estimate });

/** A lease book whose quota answers as it is told, and grants what is wanted when it is told nothing. */
function setUp() {
  const clock = createFakeClock();
  const records: RecordContent[] = [];
  const requests: AcquireRequest[] = [];
  const answers: (AcquireOutcome | Promise<AcquireOutcome>)[] = [];
  const book = new LeaseBook({
    epoch: 1,
    clock,
    append: (content) => records.push(content) - 1,
    acquire: async (request) => {
      requests.push(request);
      return answers.shift() ?? granted(request.wantNanos);
    },
    shipped: async () => undefined,
    waitMs: 2000,
    retryForMs: 500,
  });
  /** Takes what is at hand, or waits. */
  const reserve = async (estimate: number): Promise<Lease> => {
    const lease = book.tryReserve(payer, estimate);
    if (lease !== undefined) {
      return lease;
    }
    const outcome = await book.reserve(payer, need(estimate));
    assert.ok(outcome.kind === "reserved");
    return outcome.lease;
  };
  return { clock, records, requests, answers, book, reserve };
}

function granted(nanos: number, isSingleCall = false): AcquireOutcome {
  return { kind: "granted", grantedNanos: BigInt(nanos), isSingleCall };
}

function refused(availableNanos: bigint, fields: { again?: number; single?: boolean } = {}) {
  return {
    kind: "refused",
    reason: "balance",
    availableNanos,
    retryAfterMs: fields.again ?? 0,
    isSingleCall: fields.single ?? false,
  } as const;
}

test("a call that starves asks again when quota says that it may go better, and is served", async () => {
  const { clock, requests, answers, book } = setUp();
  answers.push(refused(0n, { again: 100 }), refused(0n, { again: 100 }));
  const waiting = book.reserve(payer, need(100));
  await clock.advance(199);
  assert.equal(requests.length, 2);
  await clock.advance(1);
  assert.equal((await waiting).kind, "reserved");
  assert.deepEqual(
    requests.map(({ leaseNo }) => leaseNo),
    [1, 2, 3],
    "an answer is final for its number",
  );
});

test("a call that starves is refused at its deadline, with what was asked and what can be spent", async () => {
  const { clock, answers, book } = setUp();
  answers.push(...Array.from({ length: 20 }, () => refused(30n, { again: 100 })));
  const waiting = book.reserve(payer, need(100));
  let outcome: unknown;
  void waiting.then((value) => (outcome = value));
  await clock.advance(499);
  assert.equal(outcome, undefined);
  await clock.advance(1);
  assert.deepEqual(await waiting, {
    kind: "refused",
    reason: "balance",
    askedNanos: 100n,
    availableNanos: 30n,
  });
  assert.equal(clock.pendingTimers(), 1, "only the tick is left");
});

test("a refusal that will not go better is final at once", async () => {
  const { answers, book } = setUp();
  answers.push(refused(30n));
  assert.equal((await book.reserve(payer, need(100))).kind, "refused");
});

test("a small call is not refused because a large one before it was", async () => {
  const { answers, book } = setUp();
  answers.push(refused(30n), granted(10));
  const [large, small] = await Promise.all([
    book.reserve(payer, need(100)),
    book.reserve(payer, need(10)),
  ]);
  assert.deepEqual([large.kind, small.kind], ["refused", "reserved"]);
});

test("a top-up is usable at once by a call that was told to wait, and by the next one", async () => {
  const { clock, requests, answers, book } = setUp();
  answers.push(refused(0n, { again: 400 }));
  const waiting = book.reserve(payer, need(100));
  await clock.advance(1);
  book.askAgain([payer.userId]);
  assert.equal((await waiting).kind, "reserved");
  // Before it refuses, it gives back what it has, and asks once more.
  answers.push(refused(0n), refused(0n));
  assert.equal((await book.reserve(payer, need(1000))).kind, "refused");
  assert.equal((await book.reserve(payer, need(1000))).kind, "reserved");
  assert.equal(requests.length, 5, "a refusal is never remembered");
});

test("a lease for a single call is all that call's, serves no other and goes back after it", async () => {
  const { requests, records, answers, book } = setUp();
  answers.push(granted(200, true));
  const outcome = await book.reserve(payer, need(100));
  assert.ok(outcome.kind === "reserved");
  assert.deepEqual([requests[0]?.needMinNanos, requests[0]?.singleNeedNanos], [100, 200]);
  assert.equal(outcome.reservedNanos, 200, "every byte of the input may be a token");
  assert.equal(book.tryReserve(payer, 1), undefined);
  book.settle(outcome.lease, 200, 70);
  assert.deepEqual(records, [{ kind: "released", epoch: 1, leaseNo: 1 }]);
  assert.equal(outcome.lease.used, 70);
});

test("a lease for a single call that has gone goes back at once", async () => {
  const { clock, records, answers, book } = setUp();
  const late = Promise.withResolvers<AcquireOutcome>();
  answers.push(late.promise);
  const waiting = book.reserve(payer, need(100));
  await clock.advance(2000);
  assert.equal((await waiting).kind, "unavailable");
  late.resolve(granted(200, true));
  await clock.advance(0);
  assert.deepEqual(records, [{ kind: "released", epoch: 1, leaseNo: 1 }]);
});

test("near the end a refusal is about what the call may cost at the very most", async () => {
  const { answers, book } = setUp();
  answers.push(refused(150n, { single: true }));
  const outcome = await book.reserve(payer, need(100));
  assert.ok(outcome.kind === "refused");
  assert.deepEqual([outcome.askedNanos, outcome.availableNanos], [200n, 150n]);
});

test("more is asked for when less than 30 % of a lease is free, and nobody waits for it", async () => {
  const { clock, requests, answers, reserve } = setUp();
  answers.push(granted(1000));
  await reserve(100);
  await reserve(600);
  assert.equal(requests.length, 1);
  await reserve(10);
  assert.equal(requests.at(-1)?.reason, "refill");
  assert.equal(requests.at(-1)?.needMinNanos, 1);
  await clock.advance(0);
  assert.equal((await reserve(1)).leaseNo, 2);
});

test("more is asked for when less than three seconds of spending is free", async () => {
  const { clock, requests, answers, book, reserve } = setUp();
  answers.push(granted(10_000));
  const spend = async (nanos: number): Promise<void> => {
    book.settle(await reserve(nanos), nanos, nanos);
  };
  await spend(1000);
  await clock.advance(1000);
  await spend(1200);
  assert.equal(requests.length, 1);
  await spend(1300);
  // 6,500 are free, and 2,500 were spent within this second.
  await reserve(1);
  assert.equal(requests.at(-1)?.reason, "refill");
});

test("what is far beyond the need of ten seconds goes back", async () => {
  const { clock, records, answers, book, reserve } = setUp();
  answers.push(granted(100_000));
  const lease = await reserve(100);
  book.settle(lease, 100, 10);
  for (let second = 0; second < 15; second += 1) {
    await clock.advance(1000);
    book.settle(await reserve(100), 100, 10);
  }
  const back = records.filter(({ kind }) => kind === "returned");
  assert.equal(back.length, 1, "once, not by every tick");
  assert.ok(lease.granted < 1000 && lease.granted - lease.used >= 200);
});

test("what was called back is not asked for again in the same second", async () => {
  const { clock, requests, answers, book, reserve } = setUp();
  answers.push(granted(1000));
  const lease = await reserve(100);
  book.recall(lease.leaseNo, 50);
  assert.equal(lease.granted, 150);
  await reserve(20);
  assert.equal(requests.length, 1);
  await clock.advance(1000);
  await reserve(20);
  assert.equal(requests.length, 2);
});

test("when limits change, free money goes back and quota decides anew, also about a lease under way", async () => {
  const { records, requests, answers, book, reserve } = setUp();
  answers.push(granted(1000));
  await reserve(100);
  book.revoke([], [payer.userId]);
  assert.deepEqual(records, [{ kind: "returned", epoch: 1, leaseNo: 1, amountNanos: 900 }]);
  const underWay = Promise.withResolvers<AcquireOutcome>();
  answers.push(underWay.promise, refused(0n));
  const waiting = book.reserve(payer, need(100));
  book.revoke([], [payer.userId]);
  underWay.resolve(granted(500));
  assert.equal((await waiting).kind, "refused");
  assert.equal(requests.length, 3);
  assert.deepEqual(records.at(-1), { kind: "released", epoch: 1, leaseNo: 2 });
});

test("the change of a key takes its own lease only", async () => {
  const { records, book, reserve } = setUp();
  await reserve(100);
  const ofKey = await book.reserve({ userId: 1, keyId: 7 }, need(100));
  assert.ok(ofKey.kind === "reserved");
  book.settle(ofKey.lease, 100, 0);
  book.revoke([7], []);
  assert.deepEqual(records, [{ kind: "released", epoch: 1, leaseNo: 2 }]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import type { Lease } from "./lease.ts";
import { leaseNanosMax, remainderOf, sizeLease } from "./lease.ts";
import { createLeaseBook, leaseKey } from "./lease-book.ts";

const size = (
  ...[want, needMin, available, relays = 1]: readonly [bigint, bigint, bigint, number?]
): bigint | undefined =>
  sizeLease({
    wantNanos: nanoUsd(want),
    needMinNanos: nanoUsd(needMin),
    availableNanos: nanoUsd(available),
    relays,
    singleNeedNanos: nanoUsd(needMin),
    typicalNanos: nanoUsd(0n),
    isCallWaiting: true,
    isStrict: false,
  }).grantedNanos;

function aLease(fields: Partial<Lease> = {}): Lease {
  return {
    epoch: 1,
    leaseNo: 1,
    userId: 5,
    keyId: 0,
    grantedNanos: nanoUsd(100n),
    settledNanos: nanoUsd(0n),
    returnedNanos: nanoUsd(0n),
    state: "active",
    ...fields,
  };
}

test("a grant is what is wanted, up to half of what is left for each relay", () => {
  assert.equal(size(10n, 1n, 1000n), 10n);
  assert.equal(size(900n, 1n, 1000n), 500n);
  assert.equal(size(900n, 1n, 1000n, 4), 125n);
});

test("what is needed is granted while it is there, and nothing below it", () => {
  assert.equal(size(0n, 900n, 1000n), 900n);
  assert.equal(size(0n, 1001n, 1000n), undefined);
  assert.equal(size(5n, 0n, 0n), undefined);
  assert.equal(size(5n, 0n, -10n), undefined);
  assert.equal(size(5n, 0n, 1n), undefined, "half of the last nano-USD is nothing");
  assert.equal(size(1n, 1n, 1n), 1n);
});

test("no lease is larger than the bound, and no need above it is met", () => {
  assert.equal(size(leaseNanosMax * 3n, 1n, leaseNanosMax * 100n), leaseNanosMax);
  assert.equal(size(0n, leaseNanosMax + 1n, leaseNanosMax * 100n), undefined);
});

/** A grant when calls reserve about 100. */
const nearTheEnd = (available: bigint, fields: Partial<Parameters<typeof sizeLease>[0]> = {}) =>
  sizeLease({
    wantNanos: nanoUsd(5000n),
    needMinNanos: nanoUsd(100n),
    availableNanos: nanoUsd(available),
    relays: 2,
    singleNeedNanos: nanoUsd(150n),
    typicalNanos: nanoUsd(100n),
    isCallWaiting: true,
    isStrict: false,
    ...fields,
  });

test("with less than four calls left for each relay, a lease is for one call as it costs at the very most", () => {
  assert.deepEqual(nearTheEnd(1200n), { grantedNanos: 300n, isSingleCall: false });
  assert.deepEqual(nearTheEnd(1199n), { grantedNanos: 150n, isSingleCall: true });
  assert.deepEqual(nearTheEnd(150n), { grantedNanos: 150n, isSingleCall: true });
  assert.deepEqual(nearTheEnd(149n), { grantedNanos: undefined, isSingleCall: true });
});

test("near the end, calls to come get nothing: it would lie idle while another relay's call is refused", () => {
  assert.deepEqual(nearTheEnd(1000n, { isCallWaiting: false }), {
    grantedNanos: undefined,
    isSingleCall: true,
  });
  assert.equal(nearTheEnd(5000n, { isCallWaiting: false }).grantedNanos, 1250n);
});

test("the end is near earlier for a user whose calls reserve much", () => {
  assert.equal(nearTheEnd(7000n).isSingleCall, false);
  assert.equal(nearTheEnd(7000n, { typicalNanos: nanoUsd(900n) }).isSingleCall, true);
});

test("a strict user's lease is for one call however much there is, and none is for calls to come", () => {
  const wealth = 10n ** 12n;
  assert.deepEqual(nearTheEnd(wealth, { isStrict: true }), {
    grantedNanos: 150n,
    isSingleCall: true,
  });
  assert.deepEqual(nearTheEnd(wealth, { isStrict: true, isCallWaiting: false }), {
    grantedNanos: undefined,
    isSingleCall: true,
  });
});

test("a remainder is never negative, and a released lease has none", () => {
  assert.equal(remainderOf(aLease({ settledNanos: nanoUsd(30n) })), 70n);
  assert.equal(remainderOf(aLease({ settledNanos: nanoUsd(300n) })), 0n);
  assert.equal(remainderOf(aLease({ state: "released" })), 0n);
});

test("whatever happens to a lease, what leaves held adds up to what was granted", () => {
  const lease = aLease();
  let unheld = 0n;
  const book = createLeaseBook(new Map([[leaseKey(lease), lease]]), (_lease, amount) => {
    unheld += amount;
  });
  assert.deepEqual(book.settle(lease, nanoUsd(40n)), { isLate: false, beyondNanos: 0n });
  book.giveBack(lease, nanoUsd(25n));
  book.giveBack(lease, nanoUsd(-25n));
  book.endEpochsBelow(1);
  assert.equal(unheld, 65n);
  book.endEpochsBelow(2);
  book.release(lease);
  assert.equal(unheld, 100n);
  assert.deepEqual(book.settle(lease, nanoUsd(7n)), { isLate: true, beyondNanos: 7n });
  assert.equal(unheld, 100n);
  const [change] = book.changes();
  assert.deepEqual(
    [change?.settledNanos, change?.returnedNanos, change?.isReleased],
    [47n, 25n, true],
  );
});

test("a call that costs more than its lease has left goes beyond it by the rest", () => {
  const lease = aLease();
  const book = createLeaseBook(new Map([[leaseKey(lease), lease]]), () => undefined);
  assert.deepEqual(book.settle(lease, nanoUsd(70n)), { isLate: false, beyondNanos: 0n });
  assert.deepEqual(book.settle(lease, nanoUsd(50n)), { isLate: false, beyondNanos: 20n });
  assert.deepEqual(book.settle(lease, nanoUsd(1n)), { isLate: false, beyondNanos: 1n });
});

test("an unknown lease is late, no lease at all is not", () => {
  const book = createLeaseBook(new Map(), () => undefined);
  const unknown = book.settle({ epoch: 1, leaseNo: 9 }, nanoUsd(1n));
  assert.deepEqual(unknown, { isLate: true, beyondNanos: 1n });
  const none = book.settle({ epoch: 1, leaseNo: 0 }, nanoUsd(1n));
  assert.deepEqual(none, { isLate: false, beyondNanos: 0n });
  book.release({ epoch: 1, leaseNo: 9 });
  assert.deepEqual(book.changes(), []);
});

/** What must be true of leases whatever happens to them, tried on drawn histories. A failure prints its seed and the smallest case. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import * as fc from "fast-check";
import type { LeaseBook, LeaseKey } from "./lease-book.ts";
import { createLeaseBook, leaseKey } from "./lease-book.ts";
import type { Lease } from "./lease.ts";
import { leaseNanosMax, remainderOf, sizeLease } from "./lease.ts";

const nanos = fc.bigInt({ min: 0n, max: 10n ** 14n });
const someNanos = fc.bigInt({ min: 0n, max: 1000n });

type Step =
  | { readonly kind: "settle" | "give-back"; readonly leaseNo: number; readonly amount: bigint }
  | { readonly kind: "release"; readonly leaseNo: number }
  | { readonly kind: "end-epochs"; readonly epoch: number };

const leaseNo = fc.integer({ min: 0, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom("settle", "give-back"), leaseNo, amount: someNanos }),
  fc.record({ kind: fc.constant("release"), leaseNo }),
  fc.record({ kind: fc.constant("end-epochs"), epoch: fc.integer({ min: 0, max: 3 }) }),
);

const lease = (number: number, grantedNanos: bigint): Lease => ({
  epoch: (number % 2) + 1,
  leaseNo: number,
  userId: 5,
  keyId: 0,
  grantedNanos: nanoUsd(grantedNanos),
  settledNanos: nanoUsd(0n),
  returnedNanos: nanoUsd(0n),
  state: "active",
});

const granted = fc.array(someNanos, { minLength: 1, maxLength: 3 });

function leasesOf(grants: readonly bigint[]): ReadonlyMap<LeaseKey, Lease> {
  const leases = grants.map((amount, index) => lease(index + 1, amount));
  return new Map(leases.map((each) => [leaseKey(each), each]));
}

function play(book: LeaseBook, steps: readonly Step[]): void {
  for (const each of steps) {
    if (each.kind === "end-epochs") {
      book.endEpochsBelow(each.epoch);
      continue;
    }
    const name = { epoch: (each.leaseNo % 2) + 1, leaseNo: each.leaseNo };
    if (each.kind === "release") {
      book.release(name);
    } else if (each.kind === "settle") {
      book.settle(name, nanoUsd(each.amount));
    } else {
      book.giveBack(name, nanoUsd(each.amount));
    }
  }
}

/** Plays the steps in batches, as shipments do; answers the leases at the end and all that left `held`. */
function playInBatches(
  grants: readonly bigint[],
  batches: readonly (readonly Step[])[],
): { readonly leases: ReadonlyMap<LeaseKey, Lease>; readonly unheld: bigint } {
  const leases = new Map(leasesOf(grants));
  let unheld = 0n;
  for (const steps of batches) {
    const book = createLeaseBook(leases, (_lease, amount) => {
      unheld += amount;
    });
    play(book, steps);
    for (const { lease: after } of book.changes()) {
      const { epoch, leaseNo: number, userId, keyId, grantedNanos, state } = after;
      const { settledNanos, returnedNanos } = after;
      const stored = { epoch, leaseNo: number, userId, keyId, grantedNanos, state };
      leases.set(leaseKey(after), { ...stored, settledNanos, returnedNanos });
    }
  }
  return { leases, unheld };
}

test("what is held falls by exactly what the remainders lose, and never below zero", () => {
  fc.assert(
    fc.property(granted, fc.array(step, { maxLength: 30 }), (grants, steps) => {
      const { leases, unheld } = playInBatches(grants, [steps]);
      const held = grants.reduce((sum, amount) => sum + amount, 0n) - unheld;
      const remainders = [...leases.values()].map(remainderOf);
      assert.equal(
        held,
        remainders.reduce((sum, amount) => sum + amount, 0n),
      );
      assert.ok(remainders.every((amount) => amount >= 0n));
    }),
  );
});

test("however records are cut into batches, leases and what is held come out the same", () => {
  fc.assert(
    fc.property(
      granted,
      fc.array(fc.array(step, { maxLength: 8 }), { maxLength: 6 }),
      (grants, batches) => {
        assert.deepEqual(playInBatches(grants, batches), playInBatches(grants, [batches.flat()]));
      },
    ),
  );
});

test("a lease once closed gives nothing back again, whatever comes late", () => {
  fc.assert(
    fc.property(granted, fc.array(step), fc.array(step), (grants, before, late) => {
      const closing: Step = { kind: "end-epochs", epoch: 9 };
      const closed = playInBatches(grants, [before, [closing]]);
      assert.equal(playInBatches(grants, [before, [closing], late]).unheld, closed.unheld);
      assert.equal(
        closed.unheld,
        grants.reduce((sum, amount) => sum + amount, 0n),
      );
    }),
  );
});

test("a grant covers the need, is never more than there is or than a lease may be, and nothing is refused that could be granted", () => {
  fc.assert(
    fc.property(
      fc.record({
        wantNanos: nanos,
        needMinNanos: nanos,
        availableNanos: fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }),
        relays: fc.integer({ min: 1, max: 500 }),
        extraNanos: nanos,
        typicalNanos: nanos,
        isCallWaiting: fc.boolean(),
        isStrict: fc.boolean(),
      }),
      ({ extraNanos, ...wish }) => {
        const singleNeedNanos = nanoUsd(wish.needMinNanos + extraNanos);
        const { grantedNanos, isSingleCall } = sizeLease({
          wantNanos: nanoUsd(wish.wantNanos),
          needMinNanos: nanoUsd(wish.needMinNanos),
          availableNanos: nanoUsd(wish.availableNanos),
          relays: wish.relays,
          singleNeedNanos,
          typicalNanos: nanoUsd(wish.typicalNanos),
          isCallWaiting: wish.isCallWaiting,
          isStrict: wish.isStrict,
        });
        assert.ok(isSingleCall || !wish.isStrict);
        const need = isSingleCall ? singleNeedNanos : wish.needMinNanos;
        const isPossible =
          wish.availableNanos > 0n && need <= wish.availableNanos && need <= leaseNanosMax;
        if (grantedNanos === undefined) {
          const isNothing = need === 0n;
          assert.ok(!isPossible || isNothing || (isSingleCall && !wish.isCallWaiting));
          return;
        }
        assert.ok(isPossible);
        assert.ok(grantedNanos > 0n && grantedNanos >= need);
        assert.ok(grantedNanos <= wish.availableNanos && grantedNanos <= leaseNanosMax);
      },
    ),
  );
});

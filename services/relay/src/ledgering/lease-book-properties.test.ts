/**
 * What must be true of leases whatever the order in which calls, answers of quota and time come, tried on drawn ones. The bank applies
 * the relay's records at once; it is the judge of what was spent and given back. A failure prints its seed and the smallest case.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import * as fc from "fast-check";
import type { AcquireOutcome, AcquireRequest } from "#ledgering/acquire-request.ts";
import type { RecordContent } from "#ledgering/encode-record.ts";
import { LeaseBook } from "#ledgering/lease-book.ts";
import type { Lease } from "#ledgering/lease.ts";

interface BankLease {
  granted: number;
  spent: number;
  isReleased: boolean;
}

interface RunningCall {
  readonly lease: Lease;
  readonly reserved: number;
}

type Step =
  | { readonly kind: "call"; readonly userId: number; readonly estimate: number }
  | { readonly kind: "end"; readonly which: number; readonly share: number }
  | { readonly kind: "recall"; readonly leaseNo: number; readonly keep: number }
  | { readonly kind: "revoke"; readonly userId: number }
  | { readonly kind: "fill"; readonly userId: number; readonly amount: number }
  | { readonly kind: "wait"; readonly ms: number };

const userId = fc.integer({ min: 1, max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("call"),
      userId,
      estimate: fc.integer({ min: 1, max: 60 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("end"),
      which: fc.nat(),
      share: fc.integer({ min: 0, max: 100 }),
    }),
  },
  fc.record({
    kind: fc.constant("recall"),
    leaseNo: fc.integer({ min: 1, max: 12 }),
    keep: fc.nat(50),
  }),
  fc.record({ kind: fc.constant("revoke"), userId }),
  fc.record({ kind: fc.constant("fill"), userId, amount: fc.integer({ min: 1, max: 300 }) }),
  fc.record({ kind: fc.constant("wait"), ms: fc.constantFrom(1, 250, 1000, 11_000, 40_000) }),
);

/** A bank, and a lease book whose questions the scheduler answers in any order. */
class Scene {
  readonly clock = createFakeClock();
  readonly available = new Map([
    [1, 200],
    [2, 40],
  ]);
  readonly leases = new Map<number, BankLease>();
  readonly owners = new Map<number, number>();
  readonly running: RunningCall[] = [];
  readonly book: LeaseBook;
  waiting = 0;
  #records = 0;

  constructor(scheduler: fc.Scheduler) {
    this.book = new LeaseBook({
      epoch: 1,
      clock: this.clock,
      append: (content) => this.#apply(content),
      acquire: async (request) =>
        scheduler.schedule(Promise.resolve(request)).then((asked) => this.#grant(asked)),
      shipped: async (seq) => scheduler.schedule(Promise.resolve(seq)).then(() => undefined),
      waitMs: 2000,
      retryForMs: 500,
    });
  }

  async call(payer: number, estimate: number): Promise<void> {
    this.waiting += 1;
    const outcome = await this.book.reserve(
      { userId: payer, keyId: 0 },
      { estimate, estimateMax: estimate },
    );
    this.waiting -= 1;
    if (outcome.kind === "reserved") {
      assert.equal(outcome.lease.userId, payer);
      assert.ok(outcome.reservedNanos >= estimate);
      this.running.push({ lease: outcome.lease, reserved: outcome.reservedNanos });
    }
  }

  /** A call costs at most what it has reserved. */
  end(which: number, share: number): void {
    const [call] = this.running.splice(which % Math.max(1, this.running.length), 1);
    if (call !== undefined) {
      const cost = Math.floor((call.reserved * share) / 100);
      const bankLease = this.leases.get(call.lease.leaseNo);
      assert.ok(
        bankLease !== undefined && !bankLease.isReleased,
        "usage on a lease that was given back",
      );
      bankLease.spent += cost;
      this.book.settle(call.lease, call.reserved, cost);
    }
  }

  /** What holds at every moment. */
  check(): void {
    for (const [leaseNo, { granted, spent, isReleased }] of this.leases) {
      const reserved = this.running
        .filter(({ lease }) => lease.leaseNo === leaseNo)
        .reduce((sum, call) => sum + call.reserved, 0);
      assert.ok(spent + reserved <= granted, `lease ${leaseNo} is overspent`);
      assert.ok(!isReleased || reserved === 0, `lease ${leaseNo} was released under running calls`);
    }
  }

  #grant({ leaseNo, userId: payer, wantNanos, needMinNanos }: AcquireRequest): AcquireOutcome {
    const available = this.available.get(payer) ?? 0;
    if (available <= 0 || needMinNanos > available) {
      return {
        kind: "refused",
        reason: "balance",
        availableNanos: BigInt(available),
        retryAfterMs: 100,
        isSingleCall: false,
      };
    }
    const granted = Math.min(wantNanos, Math.max(needMinNanos, Math.ceil(available / 2)));
    this.available.set(payer, available - granted);
    this.leases.set(leaseNo, { granted, spent: 0, isReleased: false });
    this.owners.set(leaseNo, payer);
    return { kind: "granted", grantedNanos: BigInt(granted), isSingleCall: false };
  }

  #apply(content: RecordContent): number {
    const lease = "leaseNo" in content ? this.leases.get(content.leaseNo) : undefined;
    if (lease !== undefined && content.kind === "returned") {
      assert.ok(!lease.isReleased);
      lease.granted -= content.amountNanos;
      this.#pay(content.leaseNo, content.amountNanos);
    }
    if (lease !== undefined && content.kind === "released") {
      assert.ok(!lease.isReleased, "a lease is released once");
      lease.isReleased = true;
      this.#pay(content.leaseNo, lease.granted - lease.spent);
    }
    this.#records += 1;
    return this.#records - 1;
  }

  #pay(leaseNo: number, amount: number): void {
    const owner = this.owners.get(leaseNo) ?? 0;
    this.available.set(owner, (this.available.get(owner) ?? 0) + amount);
  }
}

async function play(scene: Scene, each: Step): Promise<void> {
  switch (each.kind) {
    case "call":
      void scene.call(each.userId, each.estimate);
      break;
    case "end":
      scene.end(each.which, each.share);
      break;
    case "recall":
      scene.book.recall(each.leaseNo, each.keep);
      break;
    case "revoke":
      scene.book.revoke([], [each.userId]);
      break;
    case "fill":
      scene.available.set(each.userId, (scene.available.get(each.userId) ?? 0) + each.amount);
      scene.book.askAgain([each.userId]);
      break;
    case "wait":
      await scene.clock.advance(each.ms);
      break;
  }
}

test("no lease is overspent, none is given back under its calls, everybody is answered, and all of it comes back", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.tuple(step, fc.boolean()), { maxLength: 40 }),
      async (scheduler, steps) => {
        const scene = new Scene(scheduler);
        for (const [each, isAnswered] of steps) {
          await play(scene, each);
          if (isAnswered && scheduler.count() > 0) {
            await scheduler.waitOne();
          }
          await scene.clock.advance(0);
          scene.check();
        }
        scene.book.close();
        while (scheduler.count() > 0) {
          await scheduler.waitOne();
        }
        await scene.clock.advance(5000);
        while (scene.running.length > 0) {
          scene.end(0, 100);
          scene.check();
        }
        await scene.clock.advance(0);
        assert.equal(scene.waiting, 0);
        assert.deepEqual(
          [...scene.leases.values()].filter(({ isReleased }) => !isReleased),
          [],
        );
      },
    ),
    { numRuns: 150 },
  );
});

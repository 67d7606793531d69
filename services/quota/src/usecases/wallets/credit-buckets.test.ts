import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { isQuotaFault } from "#domain/faults.ts";
import { aRelay, callCostNanos } from "../../testing/money-fixture.ts";
import { aBatch, openPaymentFixture } from "../../testing/payment-fixture.ts";
import type { PaymentFixture } from "../../testing/payment-fixture.ts";

let fixture: PaymentFixture;

before(async () => {
  fixture = await openPaymentFixture();
});

after(async () => {
  await fixture.close();
});

const cost: bigint = callCostNanos;

async function grant(userId: number, amount: bigint, lifeMs: number): Promise<void> {
  await fixture.useCases.adjustWallet({
    requestId: `promotion-${Math.random()}`,
    userId,
    amountNanos: nanoUsd(amount),
    kind: "promotion",
    remark: "",
    actorId: 1,
    expiresAtMs: fixture.clock.nowMs() + lifeMs,
  });
}

async function sweep(): Promise<bigint> {
  const { expiredNanos } = await fixture.useCases.expireCredit(0);
  return expiredNanos;
}

async function creditsOf(userId: number): Promise<readonly bigint[]> {
  const credits = await fixture.useCases.listCredits(userId);
  return credits.map(({ remainingNanos }) => remainingNanos);
}

test("what was not spent in its time is taken back, what was paid for stays", async () => {
  const userId = await fixture.addUser(10n * cost);
  await grant(userId, 5n * cost, 1000);
  await fixture.settleCalls({ userId }, 2);
  assert.deepEqual(await creditsOf(userId), [3n * cost]);
  assert.equal(await sweep(), 0n);
  await fixture.clock.advance(1000);
  assert.equal(await sweep(), 3n * cost);
  assert.equal(await sweep(), 0n);
  assert.equal((await fixture.wallet(userId)).postedNanos, 10n * cost);
  assert.deepEqual(await creditsOf(userId), []);
  const [last] = await fixture.ledgerOf(userId);
  assert.deepEqual(last, { kind: "expiry", amountNanos: -3n * cost });
  assert.equal(await fixture.accountSum("promo"), -2n * cost);
  assert.deepEqual(await fixture.violations(), []);
});

test("the credit that expires first is spent first, whenever it was granted", async () => {
  const userId = await fixture.addUser(0n);
  await grant(userId, 3n * cost, 5000);
  await fixture.settleCalls({ userId }, 1);
  await grant(userId, 2n * cost, 1000);
  await fixture.settleCalls({ userId }, 3);
  assert.deepEqual(await creditsOf(userId), [cost]);
  await fixture.clock.advance(1000);
  assert.equal(await sweep(), 0n);
  await fixture.clock.advance(4000);
  assert.equal(await sweep(), cost);
  assert.equal((await fixture.wallet(userId)).postedNanos, 0n);
});

test("what running calls hold is not taken, and what they leave is taken later", async () => {
  const userId = await fixture.addUser(0n);
  await grant(userId, 10n * cost, 1000);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.acquire(userId, { needMin: 4n * cost, want: 4n * cost });
  await fixture.clock.advance(1000);
  const { heldNanos } = await fixture.wallet(userId);
  assert.equal(await sweep(), 10n * cost - heldNanos);
  await relay.ship(0, [{ kind: "released", epoch: 1, leaseNo: 1 }]);
  assert.equal(await sweep(), heldNanos);
  assert.equal((await fixture.wallet(userId)).postedNanos, 0n);
  assert.deepEqual(await fixture.violations(), []);
});

test("taking back never leaves a debt", async () => {
  const userId = await fixture.addUser(0n);
  await grant(userId, 5n * cost, 1000);
  await fixture.useCases.adjustWallet({
    requestId: `correction-${userId}`,
    userId,
    amountNanos: nanoUsd(-4n * cost),
    kind: "correction",
    remark: "",
    actorId: 1,
  });
  await fixture.clock.advance(1000);
  assert.equal(await sweep(), cost);
  assert.equal((await fixture.wallet(userId)).postedNanos, 0n);
  assert.deepEqual(await creditsOf(userId), []);
});

test("a code can carry credit that expires, and it goes back to the account that it came from", async () => {
  const userId = await fixture.addUser(0n);
  const before = await fixture.accountSum("redemption");
  const { codes } = await fixture.payments.manageCodes.create(aBatch({ creditSeconds: 60 }));
  const { expiresAtMs } = await fixture.payments.redeemCode({ userId, text: codes[0] ?? "" });
  assert.equal(expiresAtMs, fixture.clock.nowMs() + 60_000);
  await fixture.clock.advance(60_000);
  assert.equal(await sweep(), 1_000_000_000n);
  assert.equal(await fixture.accountSum("redemption"), before);
});

test("credit cannot expire in the past, nor can what is taken away expire", async () => {
  const userId = await fixture.addUser(cost);
  await assert.rejects(grant(userId, cost, -1), (error) =>
    isQuotaFault("CREDIT_EXPIRY_INVALID", error),
  );
  await assert.rejects(grant(userId, -cost, 1000), (error) =>
    isQuotaFault("CREDIT_EXPIRY_INVALID", error),
  );
});

test("any mix of grants, calls and sweeps takes back exactly what a call-by-call account says", async () => {
  const userId = await fixture.addUser(100n * cost);
  const model: { left: bigint; expiresAtMs: number }[] = [];
  let paid = 100n * cost;
  let state = 12_345;
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state % below;
  };
  for (let step = 0; step < 40; step += 1) {
    const action = next(3);
    if (action === 0) {
      const lifeMs = 1000 * (1 + next(8));
      const amount = BigInt(1 + next(4)) * cost + 7n;
      await grant(userId, amount, lifeMs);
      model.push({ left: amount, expiresAtMs: fixture.clock.nowMs() + lifeMs });
    } else if (action === 1) {
      await fixture.settleCalls({ userId }, 1);
      let due = cost;
      for (const bucket of model.toSorted((one, two) => one.expiresAtMs - two.expiresAtMs)) {
        const taken = due < bucket.left ? due : bucket.left;
        bucket.left -= taken;
        due -= taken;
      }
      paid -= due;
    } else {
      await fixture.clock.advance(1000 * next(3));
      await sweep();
      const nowMs = fixture.clock.nowMs();
      model.splice(0, model.length, ...model.filter(({ expiresAtMs }) => expiresAtMs > nowMs));
    }
    const left = model.reduce((sum, bucket) => sum + bucket.left, 0n);
    assert.equal((await fixture.wallet(userId)).postedNanos, paid + left, `after step ${step}`);
  }
  assert.deepEqual(await fixture.violations(), []);
});

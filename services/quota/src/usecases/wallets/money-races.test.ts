/** Sixty-four clients at once. On a server (TEST_SQL_DSN) they really meet; on SQLite they take turns at the file. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { isQuotaFault } from "#domain/faults.ts";
import { aRelay, callCostNanos } from "../../testing/money-fixture.ts";
import { aBatch, aPayment, openPaymentFixture } from "../../testing/payment-fixture.ts";
import type { PaymentFixture } from "../../testing/payment-fixture.ts";

let fixture: PaymentFixture;

before(async () => {
  fixture = await openPaymentFixture();
});

after(async () => {
  await fixture.close();
});

const clients = 64;
const usd = 1_000_000_000n;
const cost: bigint = callCostNanos;

/** Runs the work of every client at once; answers how many went well. Refusals must have the reason. */
async function race(
  reason: Parameters<typeof isQuotaFault>[0],
  work: (client: number) => Promise<unknown>,
): Promise<number> {
  const outcomes = await Promise.allSettled(
    Array.from({ length: clients }, async (_, client) => work(client)),
  );
  for (const outcome of outcomes) {
    if (outcome.status === "rejected" && !isQuotaFault(reason, outcome.reason)) {
      throw outcome.reason;
    }
  }
  return outcomes.filter(({ status }) => status === "fulfilled").length;
}

async function addUsers(count: number, balanceNanos = 0n): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let index = 0; index < count; index += 1) {
    ids.push(await fixture.addUser(balanceNanos));
  }
  return ids;
}

async function sumOf(userIds: readonly number[]): Promise<bigint> {
  let sum = 0n;
  for (const userId of userIds) {
    sum += (await fixture.wallet(userId)).postedNanos;
  }
  return sum;
}

test("64 customers redeem one code: one of them gets it", async () => {
  const userIds = await addUsers(clients);
  const { codes } = await fixture.payments.manageCodes.create(aBatch());
  const text = codes[0] ?? "";
  const winners = await race("CODE_USED", async (client) =>
    fixture.payments.redeemCode({ userId: userIds[client] ?? 0, text }),
  );
  assert.equal(winners, 1);
  assert.equal(await sumOf(userIds), usd);
  assert.deepEqual(await fixture.violations(), []);
});

test("one customer redeems one code 64 times at once: it counts once", async () => {
  const userId = await fixture.addUser(0n);
  const { codes } = await fixture.payments.manageCodes.create(aBatch());
  const text = codes[0] ?? "";
  const winners = await race("CODE_USED", async () =>
    fixture.payments.redeemCode({ userId, text }),
  );
  assert.equal(winners, 1);
  assert.equal((await fixture.wallet(userId)).postedNanos, usd);
});

test("a payment event that is told 64 times at once is booked once, and all are answered", async () => {
  const userId = await fixture.addUser(0n);
  const news = aPayment({ userId });
  const outcomes = await Promise.all(
    Array.from({ length: clients }, async (_, client) =>
      // Half of them under another event id, as providers do that tell of one payment twice.
      fixture.payments.postPayment({ ...news, eventId: `${news.eventId}-${client % 2}` }),
    ),
  );
  assert.equal(outcomes.filter(({ isApplied }) => isApplied).length, 1);
  assert.equal((await fixture.wallet(userId)).postedNanos, news.amountNanos);
});

test("64 parts of a payment that go back at once never exceed it", async () => {
  const userId = await fixture.addUser(0n);
  const news = aPayment({ userId });
  await fixture.payments.postPayment(news);
  const back = await race("PAYMENT_EXCEEDED", async (client) =>
    fixture.payments.postPayment({
      ...news,
      kind: "refunded",
      eventId: `${news.eventId}-back-${client}`,
      amountNanos: nanoUsd(usd),
    }),
  );
  assert.equal(back, 10);
  assert.equal((await fixture.wallet(userId)).postedNanos, 0n);
  assert.deepEqual(await fixture.violations(), []);
});

test("64 refunds of one call at once never exceed what it cost", async () => {
  const userId = await fixture.addUser(usd);
  const keyId = await fixture.addKey(userId, usd);
  const [requestId = new Uint8Array()] = await fixture.settleCalls({ userId, keyId }, 1);
  const part = nanoUsd(cost / 10n);
  const refunds = await race("REFUND_EXCEEDS_CHARGE", async (client) =>
    fixture.payments.refundCall({
      requestId,
      amountNanos: part,
      reason: "race",
      actorId: 1,
      actorName: "root",
      idempotencyKey: `race-${userId}-${client}`,
    }),
  );
  assert.equal(refunds, 10);
  assert.equal((await fixture.wallet(userId)).postedNanos, usd);
  const cap = await fixture.cap(keyId);
  assert.equal(cap.capNanos - cap.usedNanos, usd);
  assert.deepEqual(await fixture.violations(), []);
});

test("64 relays that want a key's last money get no more than its cap", async () => {
  const userId = await fixture.addUser(1000n * usd);
  const keyId = await fixture.addKey(userId, 10n * cost);
  const relays = Array.from({ length: clients }, () => aRelay(fixture));
  await Promise.all(relays.map(async (relay) => relay.hello()));
  await Promise.all(
    relays.map(async (relay) => relay.acquire(userId, { keyId, needMin: cost, want: cost })),
  );
  const cap = await fixture.cap(keyId);
  assert.ok(cap.heldNanos <= 10n * cost, `${cap.heldNanos} is held`);
  assert.ok(cap.heldNanos >= cost, "somebody must get something");
  assert.equal((await fixture.wallet(userId)).heldNanos, cap.heldNanos);
  assert.deepEqual(await fixture.violations(), []);
});

test("grants, top-ups, withdrawals, refunds and expiry of one wallet at once lose nothing", async () => {
  const userId = await fixture.addUser(20n * usd);
  const requestIds = await fixture.settleCalls({ userId }, 16);
  const relays = Array.from({ length: 16 }, () => aRelay(fixture));
  await Promise.all(relays.map(async (relay) => relay.hello()));
  const adjust = async (client: number, amount: bigint) =>
    fixture.useCases.adjustWallet({
      requestId: `mix-${userId}-${client}`,
      userId,
      amountNanos: nanoUsd(amount),
      kind: amount > 0n ? "top-up" : "correction",
      remark: "",
      actorId: 1,
      ...(amount > 0n && client % 8 === 1 && { expiresAtMs: fixture.clock.nowMs() + 1000 }),
    });
  const works: readonly ((client: number) => Promise<unknown>)[] = [
    async (client) => relays[client >> 2]?.acquire(userId, { needMin: cost, want: usd }),
    async (client) => adjust(client, usd),
    async (client) => adjust(client, -usd),
    async (client) =>
      fixture.payments.refundCall({
        requestId: requestIds[client >> 2] ?? new Uint8Array(16),
        amountNanos: undefined,
        reason: "mix",
        actorId: 1,
        actorName: "root",
        idempotencyKey: `mix-refund-${userId}-${client}`,
      }),
  ];
  const done = await race("BALANCE_EXHAUSTED", async (client) => works[client % 4]?.(client));
  assert.ok(done > 40, `${done} went through`);
  const { postedNanos, heldNanos } = await fixture.wallet(userId);
  assert.ok(postedNanos >= heldNanos, `${heldNanos} is held of ${postedNanos}`);
  await fixture.clock.advance(1000);
  await Promise.all(Array.from({ length: 4 }, async () => fixture.useCases.expireCredit(0)));
  assert.deepEqual(await fixture.violations(), []);
  const after = await fixture.wallet(userId);
  assert.ok(after.postedNanos >= after.heldNanos, "expiry must not take what is held");
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { isQuotaFault } from "#domain/faults.ts";
import type { RefundOrder } from "#usecases/wallets/refund-call.ts";
import { callCostNanos } from "../../testing/money-fixture.ts";
import { aPayment, openPaymentFixture } from "../../testing/payment-fixture.ts";
import type { PaymentFixture } from "../../testing/payment-fixture.ts";

let fixture: PaymentFixture;

before(async () => {
  fixture = await openPaymentFixture();
});

after(async () => {
  await fixture.close();
});

const usd = 1_000_000_000n;

function aRefund(fields: Partial<RefundOrder> & Pick<RefundOrder, "requestId">): RefundOrder {
  return {
    amountNanos: undefined,
    reason: "bad answer",
    actorId: 1,
    actorName: "root",
    idempotencyKey: `refund-${Math.random()}`,
    ...fields,
  };
}

test("a payment event is booked once, on the provider's own account", async () => {
  const userId = await fixture.addUser(0n);
  const news = aPayment({ userId, provider: "once" });
  const first = await fixture.payments.postPayment(news);
  await fixture.clock.advance(5000);
  const second = await fixture.payments.postPayment(news);
  assert.deepEqual([first.isApplied, second.isApplied], [true, false]);
  assert.equal(second.receivedAtMs, first.receivedAtMs);
  assert.equal((await fixture.wallet(userId)).postedNanos, 10n * usd);
  assert.deepEqual(await fixture.ledgerOf(userId), [{ kind: "payment", amountNanos: 10n * usd }]);
  assert.equal(await fixture.accountSum("cash:once"), -10n * usd);
});

test("two events about one payment are booked once", async () => {
  const userId = await fixture.addUser(0n);
  const news = aPayment({ userId });
  await fixture.payments.postPayment(news);
  const other = await fixture.payments.postPayment({ ...news, eventId: "another" });
  assert.equal(other.isApplied, false);
  assert.equal((await fixture.wallet(userId)).postedNanos, 10n * usd);
});

test("an event or a payment with another content is a conflict", async () => {
  const userId = await fixture.addUser(0n);
  const otherId = await fixture.addUser(0n);
  const news = aPayment({ userId });
  await fixture.payments.postPayment(news);
  const changes = [
    { amountNanos: nanoUsd(1n) },
    { userId: otherId },
    { paymentId: "another" },
    { kind: "refunded" as const },
    { eventId: "new event", amountNanos: nanoUsd(1n) },
  ];
  for (const change of changes) {
    await assert.rejects(fixture.payments.postPayment({ ...news, ...change }), (error) =>
      isQuotaFault("PAYMENT_CONFLICT", error),
    );
  }
  const elsewhere = await fixture.payments.postPayment({ ...news, provider: "other" });
  assert.equal(elsewhere.isApplied, true);
});

test("what goes back is never more than was paid, and may leave a debt that is written off", async () => {
  const userId = await fixture.addUser(0n);
  const news = aPayment({ userId });
  const back = { ...news, kind: "refunded" as const };
  const { postPayment, writeOff } = fixture.payments;
  await assert.rejects(postPayment(back), (error) => isQuotaFault("PAYMENT_UNKNOWN", error));
  await postPayment(news);
  await fixture.settleCalls({ userId }, 10);
  const part = nanoUsd(4n * usd);
  await postPayment({ ...back, eventId: "back 1", amountNanos: part });
  const again = await postPayment({ ...back, eventId: "back 1", amountNanos: part });
  assert.equal(again.isApplied, false);
  await assert.rejects(
    postPayment({ ...back, eventId: "back 2", amountNanos: nanoUsd(6n * usd + 1n) }),
    (error) => isQuotaFault("PAYMENT_EXCEEDED", error),
  );
  await postPayment({ ...back, eventId: "back 3", amountNanos: nanoUsd(6n * usd) });
  const debt = 10n * callCostNanos;
  assert.equal((await fixture.wallet(userId)).postedNanos, -debt);

  const order = { requestId: "wo-1", userId, reason: "gone", actorId: 1, actorName: "root" };
  const written = await writeOff(order);
  assert.deepEqual([written.amountNanos, written.isApplied], [debt, true]);
  assert.equal((await writeOff(order)).isApplied, false);
  assert.equal((await fixture.wallet(userId)).postedNanos, 0n);
  await assert.rejects(writeOff({ ...order, requestId: "wo-2" }), (error) =>
    isQuotaFault("BALANCE_NOT_NEGATIVE", error),
  );
  await assert.rejects(writeOff({ ...order, requestId: "wo-3", reason: " " }), (error) =>
    isQuotaFault("REASON_INVALID", error),
  );
  assert.ok(
    (await fixture.activitiesOf(userId)).includes("root wrote off a debt of $0.007000: gone"),
  );
  assert.deepEqual(await fixture.violations(), []);
});

test("events that say nothing sensible, and those for nobody, are refused", async () => {
  const userId = await fixture.addUser(0n);
  const wrong = [
    { eventId: "" },
    { paymentId: "p".repeat(129) },
    { provider: "ACME" },
    { amountNanos: nanoUsd(0n) },
    { amountNanos: nanoUsd(-5n) },
  ];
  for (const fields of wrong) {
    await assert.rejects(fixture.payments.postPayment(aPayment({ userId, ...fields })), (error) =>
      isQuotaFault("PAYMENT_INVALID", error),
    );
  }
  const nobody = aPayment({ userId: 999_999 });
  await assert.rejects(fixture.payments.postPayment(nobody), (error) =>
    isQuotaFault("WALLET_NOT_FOUND", error),
  );
  const rows = await fixture.database.query("select 1 from payment_events where event_id = ?", [
    nobody.eventId,
  ]);
  assert.equal(rows.length, 0, "an event whose money did not move must not count as seen");
});

test("a call is refunded in parts up to its cost, and its row stays as it was", async () => {
  const userId = await fixture.addUser(usd);
  const [requestId = new Uint8Array()] = await fixture.settleCalls({ userId }, 1);
  const { refundCall } = fixture.payments;
  const first = await refundCall(aRefund({ requestId, amountNanos: nanoUsd(200_000n) }));
  assert.deepEqual([first.amountNanos, first.refundedNanos], [200_000n, 200_000n]);
  await assert.rejects(
    refundCall(aRefund({ requestId, amountNanos: nanoUsd(callCostNanos) })),
    (error) => isQuotaFault("REFUND_EXCEEDS_CHARGE", error),
  );
  const order = aRefund({ requestId });
  const rest = await refundCall(order);
  assert.deepEqual([rest.amountNanos, rest.refundedNanos], [500_000n, callCostNanos]);
  const repeated = await refundCall(order);
  assert.deepEqual([repeated.amountNanos, repeated.isApplied], [500_000n, false]);
  await assert.rejects(refundCall(aRefund({ requestId })), (error) =>
    isQuotaFault("REFUND_EXCEEDS_CHARGE", error),
  );
  const wallet = await fixture.wallet(userId);
  assert.equal(wallet.postedNanos, usd);
  assert.equal(wallet.usedNanos, callCostNanos);
  assert.equal(await fixture.accountSum("refund"), 0n - callCostNanos);
  assert.equal((await fixture.activitiesOf(userId)).length, 2);
  assert.deepEqual(await fixture.violations(), []);
});

test("a capped key gets the room of a refunded call back, an unlimited one stays as it is", async () => {
  const userId = await fixture.addUser(usd);
  const capped = await fixture.addKey(userId, 2n * callCostNanos);
  const unlimited = await fixture.addKey(userId);
  for (const keyId of [capped, unlimited]) {
    const [requestId = new Uint8Array()] = await fixture.settleCalls({ userId, keyId }, 2);
    await fixture.payments.refundCall(aRefund({ requestId }));
  }
  const cap = await fixture.cap(capped);
  assert.equal(cap.capNanos - cap.usedNanos - cap.heldNanos, callCostNanos);
  assert.equal((await fixture.cap(unlimited)).capNanos, 0n);
  assert.deepEqual(await fixture.violations(), []);
});

test("refunds without a call, a reason or an amount are refused", async () => {
  const userId = await fixture.addUser(usd);
  const [requestId = new Uint8Array()] = await fixture.settleCalls({ userId }, 1);
  const wrong = [
    [{ requestId: new Uint8Array(16) }, "CALL_NOT_FOUND"],
    [{ requestId, reason: "" }, "REASON_INVALID"],
    [{ requestId, reason: "r".repeat(201) }, "REASON_INVALID"],
    [{ requestId, amountNanos: nanoUsd(0n) }, "AMOUNT_INVALID"],
    [{ requestId, amountNanos: nanoUsd(-1n) }, "AMOUNT_INVALID"],
  ] as const;
  for (const [fields, reason] of wrong) {
    await assert.rejects(fixture.payments.refundCall(aRefund(fields)), (error) =>
      isQuotaFault(reason, error),
    );
  }
  assert.equal((await fixture.wallet(userId)).postedNanos, usd - callCostNanos);
});

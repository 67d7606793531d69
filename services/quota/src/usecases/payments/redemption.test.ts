import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { isQuotaFault } from "#domain/faults.ts";
import { aRange } from "../../testing/identity-fixture.ts";
import { aBatch, openPaymentFixture } from "../../testing/payment-fixture.ts";
import type { PaymentFixture } from "../../testing/payment-fixture.ts";

let fixture: PaymentFixture;

before(async () => {
  fixture = await openPaymentFixture();
});

after(async () => {
  await fixture.close();
});

const usd = 1_000_000_000n;

async function aCode(fields: Parameters<typeof aBatch>[0] = {}): Promise<string> {
  const { codes } = await fixture.payments.manageCodes.create(aBatch(fields));
  return codes[0] ?? "";
}

test("a code becomes balance once, through the ledger and with a row in the log", async () => {
  const userId = await fixture.addUser(0n);
  const text = await aCode();
  assert.match(text, /^[0-9a-f]{32}$/u);
  const redeemed = await fixture.payments.redeemCode({ userId, text: ` ${text}\n` });
  assert.deepEqual(redeemed, { amountNanos: usd, expiresAtMs: 0 });
  assert.equal((await fixture.wallet(userId)).postedNanos, usd);
  assert.deepEqual(await fixture.ledgerOf(userId), [{ kind: "redemption", amountNanos: usd }]);
  assert.deepEqual(await fixture.activitiesOf(userId), [
    "Topped up with a redemption code: $1.000000",
  ]);
  await assert.rejects(fixture.payments.redeemCode({ userId, text }), (error) =>
    isQuotaFault("CODE_USED", error),
  );
  assert.deepEqual(await fixture.violations(), []);
});

test("unknown, disabled, expired and deleted codes are refused and change nothing", async () => {
  const userId = await fixture.addUser(0n);
  const { manageCodes, redeemCode } = fixture.payments;
  const nowSeconds = Math.floor(fixture.clock.nowMs() / 1000);
  const disabled = await aCode({ name: "disabled" });
  const expired = await aCode({ name: "expired", expiresAt: nowSeconds + 60 });
  const deleted = await aCode({ name: "deleted" });
  const { rows } = await manageCodes.list({}, aRange());
  const idOf = (name: string): number => rows.find((row) => row.name === name)?.id ?? 0;
  await manageCodes.update(idOf("disabled"), { status: "disabled" });
  await manageCodes.remove(idOf("deleted"));
  await fixture.clock.advance(61_000);
  const expectations = [
    ["", "CODE_UNKNOWN"],
    ["f".repeat(32), "CODE_UNKNOWN"],
    ["x".repeat(10_000), "CODE_UNKNOWN"],
    [disabled, "CODE_DISABLED"],
    [expired, "CODE_EXPIRED"],
    [deleted, "CODE_UNKNOWN"],
  ] as const;
  for (const [text, reason] of expectations) {
    await assert.rejects(redeemCode({ userId, text }), (error) => isQuotaFault(reason, error));
  }
  assert.equal((await manageCodes.get(idOf("expired"))).status, "expired");
  assert.equal((await fixture.wallet(userId)).postedNanos, 0n);
});

test("the database holds no code that could be redeemed", async () => {
  const text = await aCode({ name: "at rest" });
  const rows = await fixture.database.query<object>("select * from redemption_codes");
  assert.ok(!JSON.stringify(rows).includes(text));
});

test("codes are listed with their texts, by status, batch, id and beginning of the name", async () => {
  const { manageCodes } = fixture.payments;
  const { batchId, codes } = await manageCodes.create(aBatch({ name: "listed 春", count: 3 }));
  const inBatch = await manageCodes.list({ batchId }, aRange({ hasTotal: true, limit: 2 }));
  assert.equal(inBatch.total, 3);
  assert.equal(inBatch.rows.length, 2);
  const all = await manageCodes.list({ batchId }, aRange({ limit: 10 }));
  assert.deepEqual(new Set(all.rows.map(({ text }) => text)), new Set(codes));
  const found = await manageCodes.list({ status: "enabled" }, aRange({ keyword: "listed" }));
  assert.equal(found.rows.length, 3);
  const [first] = found.rows;
  const byId = await manageCodes.list({}, aRange({ keyword: `${first?.id}` }));
  assert.deepEqual(
    byId.rows.map(({ id }) => id),
    [first?.id],
  );
  const used = await manageCodes.list({ status: "used", batchId }, aRange());
  assert.deepEqual(used.rows, []);
});

test("a used code tells by whom and when, and cannot be changed any more", async () => {
  const userId = await fixture.addUser(0n);
  const text = await aCode({ name: "used up" });
  await fixture.payments.redeemCode({ userId, text });
  const { manageCodes } = fixture.payments;
  const [row] = (await manageCodes.list({ status: "used" }, aRange({ keyword: "used up" }))).rows;
  assert.equal(row?.redeemerId, userId);
  assert.equal(row?.redeemerName, `user${userId}`);
  assert.equal(row?.redeemedAt, Math.floor(fixture.clock.nowMs() / 1000));
  await assert.rejects(manageCodes.update(row?.id ?? 0, { status: "enabled" }), (error) =>
    isQuotaFault("CODE_USED", error),
  );
});

test("batches beyond the bounds are refused", async () => {
  const { create } = fixture.payments.manageCodes;
  const wrong = [
    { count: 0 },
    { count: 101 },
    { name: " " },
    { name: "n".repeat(65) },
    { amountNanos: nanoUsd(0n) },
    { amountNanos: nanoUsd(-1n) },
    { creditSeconds: 1e12 },
  ];
  for (const fields of wrong) {
    await assert.rejects(create(aBatch(fields)), (error) => isQuotaFault("CODE_INVALID", error));
  }
  await assert.rejects(create(aBatch({ expiresAt: 1 })), (error) =>
    isQuotaFault("CODE_EXPIRY_INVALID", error),
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { startAdmin } from "../../testing/start-admin.ts";

const requestId = "01890000-0000-7000-8000-000000000001";

test("an operator gives back a call's cost, in whole or in part, with a reason", async () => {
  await using admin = await startAdmin();
  const rootUser = admin.addRoot();
  const root = await admin.signIn(rootUser);
  const bob = admin.quota.users.add({ username: "bob" });
  const { payments } = admin.quota;
  payments.callOwner = bob.user.id;
  const whole = await root.post("/api/refund", { request_id: requestId, reason: "bad answer" });
  assert.deepEqual(whole.json.data, {
    user_id: Number(bob.user.id),
    amount_nano: "1000",
    refunded_nano: "1000",
  });
  const part = { request_id: requestId, reason: "again", amount: "0.0000002" };
  const key = { "idempotency-key": "one" };
  await root.post("/api/refund", part, key);
  await root.post("/api/refund", part, key);
  await root.post("/api/refund", { ...part, amount: undefined, amount_nano: "7" });
  const [first, second, third, fourth] = payments.refunds;
  assert.deepEqual(
    [first?.amountNanos, first?.actorId, first?.actorName],
    [undefined, rootUser.user.id, "root"],
  );
  assert.deepEqual([second?.amountNanos, fourth?.amountNanos], [200n, 7n]);
  assert.equal(second?.idempotencyKey, third?.idempotencyKey);
  assert.notEqual(first?.idempotencyKey, fourth?.idempotencyKey);
});

test("nobody refunds without a reason, to themselves or to whom they may not manage", async () => {
  await using admin = await startAdmin();
  const rootUser = admin.addRoot();
  const helper = admin.quota.users.add({ username: "helper", role: 10 });
  const bob = admin.quota.users.add({ username: "bob" });
  const operator = await admin.signIn(helper);
  const order = { request_id: requestId, reason: "because" };
  for (const owner of [rootUser, helper]) {
    admin.quota.payments.callOwner = owner.user.id;
    assert.equal((await operator.post("/api/refund", order)).json.success, false);
  }
  admin.quota.payments.callOwner = bob.user.id;
  for (const fields of [{ reason: "" }, { amount: "-1" }, { amount: "1", amount_nano: "1" }]) {
    const { json } = await operator.post("/api/refund", { ...order, ...fields });
    assert.equal(json.success, false, JSON.stringify(fields));
  }
  const customer = await admin.signIn(bob);
  assert.equal((await customer.post("/api/refund", order)).json.success, false);
  const debt = { user_id: Number(bob.user.id), reason: "because" };
  assert.equal((await customer.post("/api/write_off", debt)).json.success, false);
  assert.equal(admin.quota.payments.refunds.length, 0);
  assert.equal((await operator.post("/api/write_off", debt)).json.data.amount_nano, "70");
  assert.equal(admin.quota.payments.writeOffs.length, 1);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { startAdmin } from "../../testing/start-admin.ts";

test("codes have One API's wire: made in a batch, listed, searched, changed and deleted", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  const made = await root.post("/api/redemption/", { name: "spring", quota: 500_000, count: 2 });
  assert.deepEqual(made.json.data, ["0".repeat(31) + "1", "0".repeat(31) + "2"]);
  const list = await root.get("/api/redemption/?p=0");
  assert.equal(list.json.total, undefined);
  assert.deepEqual(list.json.data[1], {
    id: 1,
    user_id: 1,
    key: "0".repeat(31) + "1",
    status: 1,
    name: "spring",
    quota: 500_000,
    amount_nano: "1000000000",
    created_time: 0,
    redeemed_time: 0,
    expired_time: 0,
    credit_days: 0,
    batch_id: "00000000-0000-7000-8000-000000000000",
    redeemed_by: 0,
    redeemed_username: "",
  });
  assert.equal((await root.get("/api/redemption/search?keyword=spr")).json.data.length, 2);
  assert.equal((await root.get("/api/redemption/?page_size=5")).json.total, 2);
  const changed = await root.put("/api/redemption/", { id: 1, name: "summer", status: 2 });
  assert.deepEqual([changed.json.data.name, changed.json.data.status], ["summer", 1]);
  const off = await root.put("/api/redemption/?status_only=true", { id: 1, status: 2 });
  assert.equal(off.json.data.status, 2);
  assert.equal((await root.get("/api/redemption/1")).json.data.name, "summer");
  assert.equal((await root.delete("/api/redemption/1/")).json.success, true);
  assert.equal((await root.get("/api/redemption/1")).json.success, false);
});

test("an expiry and a life of the credit travel with the batch; wrong counts and amounts are refused", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  const batch = { name: "x", quota: 1, count: 1, expired_time: 2_000_000_000, credit_days: 30 };
  await root.post("/api/redemption/", batch);
  const code = admin.quota.payments.codes.get(1n);
  assert.deepEqual([code?.expiresAt, code?.creditSeconds], [2_000_000_000n, 2_592_000n]);
  for (const fields of [{ count: 101 }, { count: 0 }, { quota: 0 }, { quota: -5 }, { name: "" }]) {
    const { json } = await root.post("/api/redemption/", { ...batch, ...fields });
    assert.equal(json.success, false, JSON.stringify(fields));
  }
  assert.equal(admin.quota.payments.codes.size, 1);
});

test("a customer redeems a code and reads no code of anybody", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  const bob = await admin.signIn(admin.quota.users.add({ username: "bob" }));
  const { json } = await root.post("/api/redemption/", { name: "x", quota: 250_000 });
  const redeemed = await bob.post("/api/user/topup", { key: json.data[0] });
  assert.equal(redeemed.json.data, 250_000);
  const unknown = await bob.post("/api/user/topup", { key: "f".repeat(32) });
  assert.deepEqual([unknown.json.success, unknown.json.message], [false, "There is no such code."]);
  for (const reply of [
    await bob.get("/api/redemption/"),
    await bob.get("/api/redemption/1"),
    await bob.get("/api/redemption/search?keyword=x"),
    await bob.post("/api/redemption/", { name: "x", quota: 1 }),
    await bob.delete("/api/redemption/1"),
  ]) {
    assert.equal(reply.json.success, false);
  }
  assert.equal(admin.quota.payments.codes.size, 1);
});

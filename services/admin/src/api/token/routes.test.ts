import assert from "node:assert/strict";
import { test } from "node:test";
import { startAdmin } from "../../testing/start-admin.ts";

test("a key is made with One API's fields and the reply holds it", async () => {
  await using admin = await startAdmin();
  const bob = await admin.signIn(admin.quota.users.add({ username: "bob", group: "vip" }));
  const { json } = await bob.post("/api/token/", {
    name: "mine",
    expired_time: -1,
    remain_quota: 500_000,
    unlimited_quota: false,
    models: "a, b,,a",
    subnet: "10.0.0.0/8",
  });
  assert.equal(json.data.key.length, 48);
  assert.deepEqual(
    { ...json.data, key: "" },
    {
      id: 1,
      user_id: 1,
      key: "",
      key_hint: "xxxx",
      status: 1,
      name: "mine",
      created_time: 0,
      accessed_time: 0,
      expired_time: -1,
      remain_quota: 500_000,
      unlimited_quota: false,
      used_quota: 0,
      models: "a,b",
      subnet: "10.0.0.0/8",
      group: "vip",
    },
  );
  assert.equal(admin.quota.keys.get(1n)?.key.remainingNanos, 10n ** 9n);
});

test("keys are shown again while the option allows it, otherwise only their hint", async () => {
  await using admin = await startAdmin();
  const bob = await admin.signIn(admin.quota.users.add({ username: "bob" }));
  const made = (await bob.post("/api/token/", { name: "mine" })).json.data;
  assert.equal((await bob.get("/api/token/")).json.data[0].key, made.key);
  assert.equal((await bob.get("/api/token/1")).json.data.key, made.key);
  admin.quota.options.values.set("KeyRevealEnabled", "false");
  const hidden = (await bob.get("/api/token/?page_size=20")).json;
  assert.equal(hidden.total, 1);
  assert.equal(hidden.data[0].key, "");
  assert.equal(hidden.data[0].key_hint, made.key.slice(-4));
});

test("nobody, not even root, reaches another user's key by its id", async () => {
  await using admin = await startAdmin();
  const bob = await admin.signIn(admin.quota.users.add({ username: "bob" }));
  await bob.post("/api/token/", { name: "mine" });
  const others = [
    await admin.signIn(admin.quota.users.add({ username: "eve" })),
    await admin.signIn(admin.addRoot()),
  ];
  for (const other of others) {
    assert.equal((await other.get("/api/token/")).json.data.length, 0);
    assert.equal((await other.get("/api/token/1")).json.success, false);
    assert.equal((await other.put("/api/token/", { id: 1, name: "x" })).json.success, false);
    assert.equal((await other.delete("/api/token/1")).json.success, false);
  }
  assert.equal(admin.quota.keys.get(1n)?.key.name, "mine");
});

test("status_only changes nothing but the status, and without it the status stays", async () => {
  await using admin = await startAdmin();
  const bob = await admin.signIn(admin.quota.users.add({ username: "bob" }));
  await bob.post("/api/token/", { name: "mine", unlimited_quota: true });
  const body = { id: 1, status: 2, name: "other", models: "a" };
  const off = (await bob.put("/api/token/?status_only=true", body)).json.data;
  assert.deepEqual([off.status, off.name, off.models], [2, "mine", ""]);
  const renamed = (await bob.put("/api/token/", { ...body, status: 1 })).json.data;
  assert.deepEqual([renamed.status, renamed.name, renamed.models], [2, "other", "a"]);
  assert.equal(renamed.unlimited_quota, true);
});

test("amounts that no wallet can hold, fractions and negative ones are refused", async () => {
  await using admin = await startAdmin();
  const bob = await admin.signIn(admin.quota.users.add({ username: "bob" }));
  for (const remain_quota of [-1, 0.5, 5e15, 1e300]) {
    const { json } = await bob.post("/api/token/", { name: "x", remain_quota });
    assert.equal(json.success, false, String(remain_quota));
  }
});

test("sorting and searching work, deleting with and without a trailing slash", async () => {
  await using admin = await startAdmin();
  const bob = await admin.signIn(admin.quota.users.add({ username: "bob" }));
  await bob.post("/api/token/", { name: "a" });
  await bob.post("/api/token/", { name: "b" });
  for (const sort of ["id", "name", "status", "remain_quota", "expired_time"]) {
    assert.equal((await bob.get(`/api/token/?sort=${sort}&direction=desc`)).json.data.length, 2);
  }
  assert.equal((await bob.get("/api/token/search?keyword=b")).json.data.length, 1);
  assert.equal((await bob.delete("/api/token/1/")).json.success, true);
  assert.equal((await bob.delete("/api/token/2")).json.success, true);
  assert.equal((await bob.delete("/api/token/x")).json.success, false);
});

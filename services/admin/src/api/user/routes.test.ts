import assert from "node:assert/strict";
import { test } from "node:test";
import { LogKind } from "@tollgate/proto/quota/v1/usage_service";
import { UserStatus } from "@tollgate/proto/quota/v1/user_service";
import { startAdmin } from "../../testing/start-admin.ts";

test("the own account shows money in quota units, rounded down, and no secret", async () => {
  await using admin = await startAdmin();
  const bob = admin.quota.users.add({ username: "bob" });
  bob.user.balanceNanos = 1_234_567n;
  bob.user.usedNanos = 10n ** 18n;
  const { data } = (await (await admin.signIn(bob)).get("/api/user/self")).json;
  assert.equal(data.quota, 617);
  assert.equal(data.used_quota, 500_000_000_000_000);
  assert.equal(data.access_token, "");
  assert.equal(data.password, "");
});

test("changing the own password keeps this session and ends the others", async () => {
  await using admin = await startAdmin();
  const bob = admin.quota.users.add({ username: "bob" });
  const here = await admin.signIn(bob);
  const elsewhere = await admin.signIn(bob);
  const body = { password: "a new password", original_password: bob.password };
  assert.equal((await here.put("/api/user/self", body)).json.success, true);
  assert.equal((await here.get("/api/user/self")).status, 200);
  assert.equal((await elsewhere.get("/api/user/self")).status, 401);
});

test("blank fields of the own account stay, and a wrong present password changes nothing", async () => {
  await using admin = await startAdmin();
  const bob = admin.quota.users.add({ username: "bob" });
  const browser = await admin.signIn(bob);
  await browser.put("/api/user/self", { username: "", display_name: "Bob B.", password: "" });
  assert.equal(bob.user.username, "bob");
  assert.equal(bob.user.displayName, "Bob B.");
  const wrong = { password: "a new password", original_password: "wrong" };
  assert.equal((await browser.put("/api/user/self", wrong)).json.success, false);
});

test("a user cannot give themselves quota, role or group", async () => {
  await using admin = await startAdmin();
  const bob = admin.quota.users.add({ username: "bob" });
  const browser = await admin.signIn(bob);
  await browser.put("/api/user/self", { quota: 5, role: 100, group: "vip", status: 1 });
  assert.equal(bob.user.balanceNanos, 0n);
  assert.equal(bob.user.role, 1);
  assert.equal(bob.user.group, "default");
});

test("an admin makes a user strict; the other fields stay, and a form without the field leaves it", async () => {
  await using admin = await startAdmin();
  const bob = admin.quota.users.add({ username: "bob" });
  const root = await admin.signIn(admin.addRoot());
  const id = Number(bob.user.id);
  for (const [body, expected] of [
    [{ id, strict: true }, true],
    [{ id, display_name: "Bob B." }, true],
    [{ id, strict: false }, false],
  ] as const) {
    assert.equal((await root.put("/api/user/", body)).json.success, true);
    assert.equal(bob.user.strict, expected);
    assert.equal((await root.get(`/api/user/${id}`)).json.data.strict, expected);
  }
  assert.deepEqual([bob.user.username, bob.user.displayName], ["bob", "Bob B."]);
});

test("a user can delete themselves; root cannot", async () => {
  await using admin = await startAdmin();
  const bob = admin.quota.users.add({ username: "bob" });
  const browser = await admin.signIn(bob);
  assert.equal((await browser.delete("/api/user/self")).json.success, true);
  assert.equal(bob.user.status, UserStatus.DELETED);
  assert.equal((await browser.get("/api/user/self")).status, 401);
  const root = await admin.signIn(admin.addRoot());
  assert.equal((await root.delete("/api/user/self")).json.success, false);
});

test("the access token is made anew by GET only from our own pages or with an access token", async () => {
  await using admin = await startAdmin();
  const bob = admin.quota.users.add({ username: "bob" });
  const browser = await admin.signIn(bob);
  const old = bob.accessToken;
  assert.equal((await browser.get("/api/user/token", { "sec-fetch-site": "" })).status, 403);
  assert.equal(bob.accessToken, old);
  const { data } = (await browser.get("/api/user/token")).json;
  assert.equal(data, bob.accessToken);
  assert.notEqual(data, old);
  const next = await admin.browser().get("/api/user/token", { authorization: data });
  assert.equal(next.json.data, bob.accessToken);
});

test("invitation code, models and dashboard are the caller's own", async () => {
  await using admin = await startAdmin();
  const bob = admin.quota.users.add({ username: "bob", group: "vip" });
  const browser = await admin.signIn(bob);
  assert.equal((await browser.get("/api/user/aff")).json.data, "inv1");
  assert.deepEqual((await browser.get("/api/user/available_models")).json.data, ["model of vip"]);
  // The fake clock shows 2023-11-14 22:13:20 UTC.
  assert.deepEqual((await browser.get("/api/user/dashboard")).json.data, [
    {
      Day: "2023-11-08",
      ModelName: "of 86400",
      RequestCount: 3,
      Quota: 2,
      PromptTokens: 5,
      CompletionTokens: 6,
    },
  ]);
  const series = (await browser.get("/api/user/dashboard/series?window=24h")).json.data;
  assert.equal(series.bucket_seconds, 3600);
  assert.equal(series.points[0].t, 1_699_916_400);
});

test("the quotas of a series add up to the quota of its sum", async () => {
  await using admin = await startAdmin();
  const browser = await admin.signIn(admin.quota.users.add({ username: "bob" }));
  admin.quota.seriesNanos.splice(0, 1, 7_500n, 7_500n, 0n, 7_500n, 1_000n);
  const { points } = (await browser.get("/api/user/dashboard/series")).json.data;
  // 23,500 nano-dollars are 11.75 units; each point for itself would be 3, 3, 0, 3 and 0.
  assert.deepEqual(
    points.map((point: { quota: number }) => point.quota),
    [3, 4, 0, 4, 0],
  );
  const days = (await browser.get("/api/user/dashboard")).json.data;
  assert.deepEqual(
    days.map((day: { Quota: number }) => day.Quota),
    [3, 4, 0, 4, 0],
  );
});

test("the list of users sorts, pages and counts, and holds nobody's access token", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  for (let index = 1; index <= 12; index += 1) {
    admin.quota.users.add({ username: `user${index}` }).user.balanceNanos = BigInt(index) * 2000n;
  }
  const plain = (await root.get("/api/user/?p=0")).json;
  assert.equal(plain.data.length, 10);
  assert.equal(plain.total, undefined);
  const paged = (await root.get("/api/user/?p=1&page_size=5&sort=quota&direction=desc")).json;
  assert.equal(paged.total, 13);
  assert.deepEqual(
    paged.data.map((row: { quota: number }) => row.quota),
    [7, 6, 5, 4, 3],
  );
  assert.equal((await root.get("/api/user/?order=quota")).json.data[0].quota, 12);
  for (const row of plain.data) {
    assert.equal(row.access_token, "");
    assert.equal(row.password, "");
  }
  assert.match((await root.get("/api/user/?sort=password")).json.message ?? "", /sorted/u);
  assert.equal((await root.get("/api/user/?page_size=201")).json.success, false);
  assert.equal((await root.get("/api/user/?p=99999999&page_size=200")).json.success, false);
  assert.equal((await root.get("/api/user/search?keyword=user1")).json.data.length, 4);
});

test("an admin cannot see or touch users of the same or a higher role", async () => {
  await using admin = await startAdmin();
  const target = admin.addRoot();
  const peer = admin.quota.users.add({ username: "peer", role: 10 });
  const operator = await admin.signIn(admin.quota.users.add({ username: "op", role: 10 }));
  for (const { user } of [target, peer]) {
    const id = Number(user.id);
    const before = structuredClone(user);
    const replies = [
      await operator.get(`/api/user/${id}`),
      await operator.put("/api/user/", { id, display_name: "x", quota: 5, password: "12345678" }),
      await operator.post("/api/user/manage", { username: user.username, action: "disable" }),
      await operator.delete(`/api/user/${id}`),
      await operator.post("/api/topup", { user_id: id, quota: 5 }),
    ];
    for (const { json } of replies) {
      assert.equal(json.success, false);
    }
    assert.deepEqual(user, before);
  }
});

test("roles are given below the own one only, and promoting is for root", async () => {
  await using admin = await startAdmin();
  const bob = admin.quota.users.add({ username: "bob" });
  const root = await admin.signIn(admin.addRoot());
  const operator = await admin.signIn(admin.quota.users.add({ username: "op", role: 10 }));
  const create = { username: "new", password: "12345678", role: 10 };
  assert.equal((await operator.post("/api/user/", create)).json.success, false);
  assert.equal((await operator.post("/api/user/", { ...create, role: 1 })).json.success, true);
  assert.equal((await root.put("/api/user/", { id: 1, role: 100 })).json.success, false);
  const promote = { username: "bob", action: "promote" };
  assert.equal((await operator.post("/api/user/manage", promote)).json.success, false);
  assert.deepEqual((await root.post("/api/user/manage", promote)).json.data, {
    role: 10,
    status: 1,
  });
  assert.equal(bob.user.role, 10);
  const unknown = { username: "bob", action: "explode" };
  assert.equal((await root.post("/api/user/manage", unknown)).json.success, false);
});

test("deleting a user answers with an envelope", async () => {
  await using admin = await startAdmin();
  const bob = admin.quota.users.add({ username: "bob" });
  const root = await admin.signIn(admin.addRoot());
  assert.deepEqual((await root.delete("/api/user/1/")).json, { success: true, message: "" });
  assert.equal(bob.user.status, UserStatus.DELETED);
});

test("a balance is never written: a differing quota is posted as a correction, an equal or absent one is not", async () => {
  await using admin = await startAdmin();
  const bob = admin.quota.users.add({ username: "bob" });
  bob.user.balanceNanos = 1_234_567n;
  const root = await admin.signIn(admin.addRoot());
  await root.put("/api/user/", { id: 1, display_name: "B" });
  await root.put("/api/user/", { id: 1, quota: 617, username: "bob" });
  await root.put("/api/user/", { id: 1, quota: null });
  assert.equal(bob.user.balanceNanos, 1_234_567n);
  assert.equal(admin.quota.log.length, 0);
  await root.put("/api/user/", { id: 1, quota: 700 });
  assert.equal(bob.user.balanceNanos, 1_234_567n + 83n * 2000n);
  assert.equal(admin.quota.log[0]?.kind, LogKind.MANAGE);
});

test("a top-up adds, a negative one takes, and the same idempotency key moves money once", async () => {
  await using admin = await startAdmin();
  const bob = admin.quota.users.add({ username: "bob" });
  const { accessToken } = admin.addRoot();
  const topUp = async (quota: number, headers: Record<string, string> = {}) =>
    (
      await admin
        .browser()
        .post(
          "/api/topup",
          { user_id: 1, quota, remark: "paid" },
          { authorization: accessToken, "sec-fetch-site": "", ...headers },
        )
    ).json.success;
  assert.equal(await topUp(500), true);
  assert.equal(await topUp(-100), true);
  assert.equal(bob.user.balanceNanos, 800_000n);
  assert.equal(await topUp(-401), false);
  assert.equal(await topUp(7, { "idempotency-key": "order-1" }), true);
  assert.equal(await topUp(7, { "idempotency-key": "order-1" }), true);
  assert.equal(bob.user.balanceNanos, 814_000n);
  assert.equal(await topUp(0.5), false);
  assert.deepEqual(
    admin.quota.log.map(({ kind, content }) => [kind, content]),
    [
      [LogKind.TOP_UP, "paid"],
      [LogKind.MANAGE, "paid"],
      [LogKind.TOP_UP, "paid"],
    ],
  );
});

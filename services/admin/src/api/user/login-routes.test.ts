import assert from "node:assert/strict";
import { test } from "node:test";
import { startAdmin } from "../../testing/start-admin.ts";
import { fakePassword } from "../../testing/fake-users.ts";

test("signing in answers with who it is and leaves every other field blank", async () => {
  await using admin = await startAdmin();
  admin.quota.users.add({ username: "bob" }).user.balanceNanos = 10_000n;
  const { json } = await admin
    .browser()
    .post("/api/user/login", { username: "bob", password: fakePassword });
  const { id, username, display_name, role, status, ...others } = json.data;
  assert.deepEqual([id, username, display_name, role, status], [1, "bob", "bob", 1, 1]);
  for (const name of ["password", "access_token", "email", "github_id", "group", "aff_code"]) {
    assert.equal(others[name], "", name);
  }
  for (const name of ["quota", "used_quota", "request_count", "inviter_id"]) {
    assert.equal(others[name], 0, name);
  }
});

test("wrong credentials are HTTP 200, then HTTP 429 with the time to wait", async () => {
  await using admin = await startAdmin();
  admin.quota.users.add({ username: "bob" });
  const login = async (password: string) =>
    admin.browser().post("/api/user/login", { username: "bob", password });
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const reply = await login("wrong password");
    assert.equal(reply.status, 200);
    assert.equal(reply.json.success, false);
  }
  const refused = await login(fakePassword);
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("retry-after"), "1");
  await admin.clock.advance(1000);
  assert.equal((await login(fakePassword)).json.success, true);
});

test("signing in again or out ends the session that the browser had", async () => {
  await using admin = await startAdmin();
  const bob = admin.quota.users.add({ username: "bob" });
  const browser = await admin.signIn(bob);
  const first = browser.cookies.get("session") ?? "";
  await browser.post("/api/user/login", { username: "bob", password: fakePassword });
  const second = browser.cookies.get("session") ?? "";
  assert.notEqual(first, second);
  const thief = admin.browser();
  thief.cookies.set("session", first);
  assert.equal((await thief.get("/api/user/self")).status, 401);
  assert.equal((await browser.get("/api/user/logout")).json.success, true);
  assert.equal(browser.cookies.size, 0);
  thief.cookies.set("session", second);
  assert.equal((await thief.get("/api/user/self")).status, 401);
});

test("signing in and up obey their switches", async () => {
  await using admin = await startAdmin();
  const { values } = admin.quota.options;
  const register = async (username: string) =>
    (await admin.browser().post("/api/user/register", { username, password: "12345678" })).json;
  assert.equal((await register("eve")).success, true);
  assert.equal((await register("eve")).message, "The name is taken.");
  values.set("RegisterEnabled", "false");
  values.set("PasswordLoginEnabled", "false");
  await admin.clock.advance(2001);
  assert.match((await register("mallory")).message ?? "", /registration/u);
  const login = await admin
    .browser()
    .post("/api/user/login", { username: "eve", password: "12345678" });
  assert.match(login.json.message ?? "", /switched off/u);
});

test("a body that is no JSON, lacks a field or is too long gets a clear answer", async () => {
  await using admin = await startAdmin();
  const browser = admin.browser();
  const broken = await browser.post("/api/user/login", "{");
  assert.equal(broken.status, 200);
  assert.equal(broken.json.message, "The body is not valid JSON.");
  const lacking = await browser.post("/api/user/login", { username: "bob" });
  assert.match(lacking.json.message ?? "", /password/u);
  const long = await browser.post("/api/user/login", { username: "b".repeat(300), password: "x" });
  assert.match(long.json.message ?? "", /username/u);
  const huge = await browser.post("/api/user/login", { username: "b".repeat(2_000_000) });
  assert.equal(huge.status, 413);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { UserStatus } from "@tollgate/proto/quota/v1/user_service";
import { type RunningAdmin, startAdmin } from "../testing/start-admin.ts";

const userRoutes = ["/api/user/self", "/api/token/", "/api/log/self", "/api/models"];
const adminRoutes = ["/api/user/", "/api/channel/", "/api/log/", "/api/group/", "/api/job/"];
const rootRoutes = ["/api/option/"];

async function signInAs(admin: RunningAdmin, role: number) {
  return admin.signIn(admin.quota.users.add({ username: `role${role}`, role }));
}

test("nobody gets in without a session or an access token, with HTTP 401", async () => {
  await using admin = await startAdmin();
  for (const path of [...userRoutes, ...adminRoutes, ...rootRoutes]) {
    const reply = await admin.browser().get(path);
    assert.equal(reply.status, 401, path);
    assert.equal(reply.json.success, false, path);
  }
});

test("each role reaches its own routes and no higher ones, with HTTP 200", async () => {
  await using admin = await startAdmin();
  const common = await signInAs(admin, 1);
  const operator = await signInAs(admin, 10);
  const root = await signInAs(admin, 100);
  const outcome = async (browser: typeof common, path: string) => {
    const reply = await browser.get(path);
    assert.equal(reply.status, 200, path);
    return reply.json.success;
  };
  for (const path of userRoutes) {
    assert.equal(await outcome(common, path), true, path);
  }
  for (const path of adminRoutes) {
    assert.equal(await outcome(common, path), false, path);
    assert.equal(await outcome(operator, path), true, path);
  }
  for (const path of rootRoutes) {
    assert.equal(await outcome(operator, path), false, path);
    assert.equal(await outcome(root, path), true, path);
  }
});

test("an access token signs in with and without Bearer, and a wrong one is HTTP 200 with success:false", async () => {
  await using admin = await startAdmin();
  const { accessToken } = admin.addRoot();
  for (const authorization of [accessToken, `Bearer ${accessToken}`]) {
    const { json } = await admin.browser().get("/api/user/self", { authorization });
    assert.equal(json.data.username, "root");
  }
  const wrong = await admin.browser().get("/api/user/self", { authorization: "0".repeat(32) });
  assert.equal(wrong.status, 200);
  assert.equal(wrong.json.success, false);
});

test("the session cookie is HttpOnly and SameSite=Lax, and Secure only behind a trusted TLS proxy", async () => {
  await using plain = await startAdmin();
  await using proxied = await startAdmin({ TRUSTED_PROXIES: "127.0.0.1" });
  const cookieOf = async (admin: RunningAdmin) => {
    const { user, password } = admin.addRoot();
    const reply = await admin
      .browser()
      .post(
        "/api/user/login",
        { username: user.username, password },
        { "x-forwarded-proto": "https" },
      );
    return reply.headers.getSetCookie()[0] ?? "";
  };
  const cookie = await cookieOf(plain);
  assert.match(cookie, /^session=/u);
  assert.match(cookie, /; Path=\/; HttpOnly; SameSite=Lax/u);
  assert.doesNotMatch(cookie, /Secure/u);
  assert.match(await cookieOf(proxied), /; Secure/u);
});

test("a ban ends sessions and access tokens within two seconds", async () => {
  await using admin = await startAdmin();
  const user = admin.quota.users.add({ username: "bob" });
  const browser = await admin.signIn(user);
  assert.equal((await browser.get("/api/user/self")).json.success, true);
  user.user.status = UserStatus.DISABLED;
  user.user.sessionVersion += 1;
  await admin.clock.advance(2001);
  const banned = await browser.get("/api/user/self");
  assert.equal(banned.status, 200);
  assert.match(banned.json.message ?? "", /disabled/u);
  assert.equal(browser.cookies.size, 0);
  const byToken = await admin.browser().get("/api/user/self", { authorization: user.accessToken });
  assert.match(byToken.json.message ?? "", /disabled/u);
});

test("a change of role or password elsewhere ends the session", async () => {
  await using admin = await startAdmin();
  const user = admin.quota.users.add({ username: "bob" });
  const browser = await admin.signIn(user);
  user.user.sessionVersion += 1;
  await admin.clock.advance(2001);
  assert.equal((await browser.get("/api/user/self")).status, 401);
});

test("signing in right after a change of password works, although the user was read just before", async () => {
  await using admin = await startAdmin();
  const user = admin.quota.users.add({ username: "bob" });
  const before = await admin.signIn(user);
  assert.equal((await before.get("/api/user/self")).status, 200);
  user.user.sessionVersion += 1;
  const after = await admin.signIn(user);
  assert.equal((await after.get("/api/user/self")).status, 200);
  assert.equal((await before.get("/api/user/self")).status, 401);
});

test("replies of the API are not kept by caches", async () => {
  await using admin = await startAdmin();
  const { headers } = await admin.browser().get("/api/status");
  assert.equal(headers.get("cache-control"), "no-store");
});

test("a forged or altered cookie opens nothing", async () => {
  await using admin = await startAdmin();
  const browser = await admin.signIn(admin.addRoot());
  const cookie = browser.cookies.get("session") ?? "";
  const [id = ""] = cookie.split(".");
  for (const forged of [id, `${id}.${"A".repeat(43)}`, `${cookie}x`, "", "x.y", `.${cookie}`]) {
    browser.cookies.set("session", forged);
    assert.equal((await browser.get("/api/user/self")).status, 401, forged);
  }
});

test("a change with a cookie needs the same origin; access tokens do not", async () => {
  await using admin = await startAdmin();
  const { accessToken } = admin.addRoot();
  const root = await admin.signIn(admin.addRoot());
  const body = { key: "Notice", value: "x" };
  const statusWith = async (headers: Record<string, string>) =>
    (await root.put("/api/option/", body, headers)).status;
  const host = new URL(admin.origin).host;
  assert.equal(await statusWith({ "sec-fetch-site": "cross-site" }), 403);
  assert.equal(await statusWith({ "sec-fetch-site": "same-site" }), 403);
  assert.equal(await statusWith({ "sec-fetch-site": "none" }), 403);
  assert.equal(await statusWith({ "sec-fetch-site": "" }), 403);
  assert.equal(await statusWith({ "sec-fetch-site": "", origin: "https://evil.example" }), 403);
  assert.equal(await statusWith({ "sec-fetch-site": "", origin: "null" }), 403);
  assert.equal(await statusWith({ "sec-fetch-site": "", origin: `https://${host}` }), 200);
  assert.equal(await statusWith({ "sec-fetch-site": "same-origin" }), 200);
  const byToken = await admin
    .browser()
    .put("/api/option/", body, { "sec-fetch-site": "", authorization: accessToken });
  assert.equal(byToken.json.success, true);
});

test("a GET that changes something needs proof of the same origin as well", async () => {
  await using admin = await startAdmin();
  const { accessToken } = admin.addRoot();
  const root = await admin.signIn(admin.addRoot());
  const statusWith = async (headers: Record<string, string>) =>
    (await root.get("/api/channel/test/1", headers)).status;
  assert.equal(await statusWith({ "sec-fetch-site": "cross-site" }), 403);
  assert.equal(await statusWith({ "sec-fetch-site": "none" }), 403);
  assert.equal(await statusWith({ "sec-fetch-site": "" }), 403);
  assert.equal(await statusWith({ "sec-fetch-site": "", referer: "https://evil.example/x" }), 403);
  assert.equal(await statusWith({ "sec-fetch-site": "", referer: `${admin.origin}/panel` }), 200);
  assert.equal(await statusWith({ "sec-fetch-site": "", "x-requested-with": "fetch" }), 200);
  assert.equal(await statusWith({ "sec-fetch-site": "same-origin" }), 200);
  const byToken = await admin
    .browser()
    .get("/api/channel/test/1", { "sec-fetch-site": "", authorization: accessToken });
  assert.equal(byToken.json.success, true);
});

test("another site cannot sign a visitor in", async () => {
  await using admin = await startAdmin();
  const { user, password } = admin.addRoot();
  const reply = await admin
    .browser()
    .post(
      "/api/user/login",
      { username: user.username, password },
      { "sec-fetch-site": "cross-site" },
    );
  assert.equal(reply.status, 403);
});

test("more calls from one address than allowed are HTTP 429, and the log holds no secret", async () => {
  await using admin = await startAdmin({ GLOBAL_API_RATE_LIMIT: "3" });
  const { accessToken } = admin.addRoot();
  const browser = admin.browser();
  const statuses: number[] = [];
  for (let call = 0; call < 4; call += 1) {
    statuses.push((await browser.get("/api/user/self", { authorization: accessToken })).status);
  }
  assert.deepEqual(statuses, [200, 200, 200, 429]);
  assert.ok(!admin.logLines.join("").includes(accessToken));
});

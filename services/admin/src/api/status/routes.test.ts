import assert from "node:assert/strict";
import { test } from "node:test";
import { startAdmin } from "../../testing/start-admin.ts";

test("the status names the installation, its switches and whether it must be set up", async () => {
  await using admin = await startAdmin();
  const { status, json } = await admin.browser().get("/api/status");
  assert.equal(status, 200);
  assert.equal(json.success, true);
  assert.deepEqual(
    {
      version: json.data.version,
      name: json.data.system_name,
      perUnit: json.data.quota_per_unit,
      setup: json.data.setup_required,
      demo: json.data.demo_enabled,
      register: json.data.register_enabled,
      relay: json.data.relay_base_url,
    },
    {
      version: "1.2.3",
      name: "Tollgate",
      perUnit: 500_000,
      setup: true,
      demo: true,
      register: true,
      relay: "",
    },
  );
  admin.addRoot();
  assert.equal((await admin.browser().get("/api/status")).json.data.setup_required, false);
});

test("the status is answered while quota and registry are away", async () => {
  await using admin = await startAdmin();
  admin.quota.options.isAway = true;
  admin.registry.options.isAway = true;
  await admin.clock.advance(30_000);
  const { json } = await admin.browser().get("/api/status");
  assert.equal(json.success, true);
  assert.equal(json.data.password_login_enabled, true);
  assert.equal((await admin.browser().get("/readyz")).status, 503);
  assert.equal((await admin.browser().get("/healthz")).status, 200);
});

test("the service is ready once quota and registry have answered", async () => {
  await using admin = await startAdmin();
  await admin.browser().get("/api/status");
  assert.equal((await admin.browser().get("/readyz")).status, 200);
  assert.equal(admin.service.isReady(), true);
});

test("paths work with and without a trailing slash", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  for (const path of ["/api/user", "/api/user/", "/api/user/self", "/api/user/self/"]) {
    const reply = await root.get(path);
    assert.equal(reply.status, 200, path);
    assert.equal(reply.json.success, true, path);
  }
});

test("an unknown path of the API is answered in OpenAI's error form", async () => {
  await using admin = await startAdmin();
  const reply = await admin.browser().post("/api/nothing?x=1", {});
  assert.equal(reply.status, 404);
  assert.deepEqual(reply.json["error"], {
    message: "Invalid URL (POST /api/nothing)",
    type: "invalid_request_error",
    param: "",
    code: "",
  });
});

test("notice, about and home page are the options of that name", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  for (const [path, key] of [
    ["/api/notice", "Notice"],
    ["/api/about", "About"],
    ["/api/home_page_content", "HomePageContent"],
  ]) {
    await root.put("/api/option/", { key, value: `text of ${key}` });
    assert.equal((await admin.browser().get(path ?? "")).json.data, `text of ${key}`);
  }
});

test("the OpenAPI document describes every resource", async () => {
  await using admin = await startAdmin();
  const { json } = await admin.browser().get("/api/openapi.json");
  assert.equal(json["openapi"], "3.1.0");
  const paths = Object.keys(json["paths"] ?? {});
  for (const path of ["/api/status", "/api/user/login", "/api/token/", "/api/channel/batch"]) {
    assert.ok(paths.includes(path), `${path} is missing`);
  }
});

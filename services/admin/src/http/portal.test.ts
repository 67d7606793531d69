import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { type RunningAdmin, startAdmin } from "../testing/start-admin.ts";

const script = "console.log('x')\n".repeat(200);

function build(admin: RunningAdmin): void {
  const folder = join(admin.dataDir, "portal");
  mkdirSync(folder);
  writeFileSync(join(folder, "index.html"), "<title>portal</title>");
  writeFileSync(join(folder, "main-ABCD1234.js"), script);
  writeFileSync(join(folder, "main-ABCD1234.js.br"), brotliCompressSync(script));
  writeFileSync(join(folder, "favicon.svg"), "<svg/>");
}

const navigation = { accept: "text/html,*/*", "sec-fetch-site": "none" };

test("without a build, pages say how to build and the API works", async () => {
  await using admin = await startAdmin();
  const page = await admin.browser().get("/console", navigation);
  assert.equal(page.status, 503);
  assert.match(page.text, /npm run build -w web/u);
  assert.equal((await admin.browser().get("/api/status")).status, 200);
});

test("every page of the application is index.html, which is never cached", async () => {
  await using admin = await startAdmin();
  build(admin);
  for (const path of ["/", "/setup", "/console/logs?p=2", "/admin/channels/"]) {
    const page = await admin.browser().get(path, navigation);
    assert.equal(page.status, 200, path);
    assert.equal(page.text, "<title>portal</title>");
    assert.equal(page.headers.get("cache-control"), "no-cache");
    assert.match(page.headers.get("content-type") ?? "", /^text\/html/u);
  }
});

test("the front page is a page, whatever the client says it accepts", async () => {
  await using admin = await startAdmin();
  build(admin);
  assert.equal((await admin.browser().get("/", { accept: "*/*" })).status, 200);
});

test("files with a hash in their name are cached for ever and sent compressed as they were built", async () => {
  await using admin = await startAdmin();
  build(admin);
  const file = await admin.browser().get("/main-ABCD1234.js", { "accept-encoding": "br" });
  assert.equal(file.headers.get("content-encoding"), "br");
  assert.match(file.headers.get("cache-control") ?? "", /immutable/u);
  assert.match(file.headers.get("content-type") ?? "", /javascript/u);
  assert.equal(file.text, script);
  const plain = await admin.browser().get("/favicon.svg");
  assert.equal(plain.headers.get("cache-control"), "no-cache");
});

test("a missing file is 404 and no page, and nothing outside the folder is served", async () => {
  await using admin = await startAdmin();
  build(admin);
  for (const path of ["/gone.js", "/../secret.key", "/%2e%2e/secret.key", "/..%2fsecret.key"]) {
    const { status, text } = await admin.browser().get(path, { accept: "*/*" });
    assert.ok(status === 404 || status === 403, `${path} ${status}`);
    assert.ok(!text.includes("portal</title>"));
  }
  assert.equal((await admin.browser().post("/console", {})).status, 404);
});

test("unknown paths of the APIs are never a page", async () => {
  await using admin = await startAdmin();
  build(admin);
  for (const path of ["/api/nothing", "/v1/nothing", "/api"]) {
    const { status, json } = await admin.browser().get(path, navigation);
    assert.equal(status, 404);
    assert.match(JSON.stringify(json["error"]), /Invalid URL \(GET/u);
  }
});

test("pages may run our own scripts only, talk to us and the relay only, and be framed by nobody", async () => {
  await using admin = await startAdmin({ RELAY_BASE_URL: "https://relay.example:8443/base/" });
  build(admin);
  const { headers } = await admin.browser().get("/", navigation);
  const policy = headers.get("content-security-policy") ?? "";
  for (const directive of [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: https:",
    "connect-src 'self' https://relay.example:8443",
    "frame-ancestors 'none'",
  ]) {
    assert.ok(policy.split(";").includes(directive), `${directive} in ${policy}`);
  }
  assert.ok(!policy.includes("upgrade-insecure-requests"));
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.equal(headers.get("referrer-policy"), "same-origin");
  assert.equal(headers.get("strict-transport-security"), null);
});

import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type RunningAdmin, startAdmin } from "../../testing/start-admin.ts";

async function codeOf(admin: RunningAdmin): Promise<string> {
  const url = await admin.service.setupUrl();
  return new URL(url ?? "").hash.replace("#code=", "");
}

test("the code makes the root user and signs in; it works once", async () => {
  await using admin = await startAdmin();
  const code = await codeOf(admin);
  const browser = admin.browser();
  const body = { code, username: "root", password: "a long password" };
  const { json } = await browser.post("/api/setup", body);
  assert.equal(json.success, true);
  assert.equal(json.data.role, 100);
  assert.equal(json.data.quota, 500_000_000_000_000);
  assert.equal((await browser.get("/api/user/self")).json.data.username, "root");
  assert.equal((await admin.browser().post("/api/setup", body)).json.success, false);
  assert.equal(await admin.service.setupUrl(), undefined);
});

test("the code is in a file that only its owner can read, and never in the log", async () => {
  await using admin = await startAdmin();
  const code = await codeOf(admin);
  const path = join(admin.dataDir, "setup-code");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(readFileSync(path, "utf8").split("\n")[0], code);
  assert.ok(!admin.logLines.join("").includes(code));
});

test("a wrong code makes nobody, and guessing is slowed down", async () => {
  await using admin = await startAdmin();
  await codeOf(admin);
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const reply = await admin
      .browser()
      .post("/api/setup", { code: "X".repeat(16), username: "root", password: "a long password" });
    assert.equal(reply.json.success, false);
    statuses.push(reply.status);
  }
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 200, 429, 429]);
  assert.equal(admin.quota.users.rows.size, 0);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { startAdmin } from "../../testing/start-admin.ts";

interface Row {
  readonly key: string;
  readonly value: string;
}

test("the list holds the options of every owner, and secrets come back empty", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  await root.put("/api/option/", { key: "SMTPToken", value: "hush" });
  const reply = await root.get("/api/option/");
  const rows: Row[] = reply.json.data;
  const values = new Map(rows.map(({ key, value }) => [key, value]));
  assert.equal(values.get("SystemName"), "Tollgate");
  assert.equal(values.get("RetryTimes"), "2");
  assert.equal(values.get("QuotaPerUnit"), "500000");
  assert.equal(values.get("SMTPPort"), "587");
  assert.equal(values.get("SMTPToken"), "");
  assert.ok(!reply.text.includes("hush"));
  assert.deepEqual(
    rows.map(({ key }) => key),
    rows.map(({ key }) => key).sort(),
  );
});

test("a secret is sealed on disk", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  await root.put("/api/option/", { key: "SMTPToken", value: "canary-of-smtp" });
  const { data } = (await root.get("/api/option/")).json;
  assert.ok(JSON.stringify(data).includes("SMTPToken"));
  assert.ok(!(await admin.readStored()).includes("canary-of-smtp"));
});

test("each option goes to its owner, at once visible, and the owner's complaint comes back", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  const set = async (key: string, value: string) =>
    (await root.put("/api/option/", { key, value })).json;
  assert.equal((await set("SystemName", "Mine")).success, true);
  assert.equal((await set("RetryTimes", "5")).success, true);
  assert.equal((await set("QuotaPerUnit", "1000")).success, true);
  assert.equal((await set("RetryTimes", "many")).message, "Not a number.");
  assert.match((await set("Nonsense", "1")).message ?? "", /Nonsense/u);
  assert.match((await set("constructor", "1")).message ?? "", /constructor/u);
  assert.equal(admin.registry.options.values.get("RetryTimes"), "5");
  const { data } = (await admin.browser().get("/api/status")).json;
  assert.equal(data.system_name, "Mine");
  assert.equal(data.quota_per_unit, 1000);
});

test("values are checked, and a switch without its feature cannot be switched on", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  const refused = [
    ["SMTPPort", "0"],
    ["SMTPPort", "x"],
    ["Theme", "neon"],
    ["ServerAddress", "javascript:alert(1)"],
    ["SystemName", "x".repeat(65)],
    ["GitHubOAuthEnabled", "true"],
    ["TurnstileCheckEnabled", "maybe"],
  ];
  for (const [key, value] of refused) {
    const { status, json } = await root.put("/api/option/", { key, value });
    assert.equal(status, 200);
    assert.equal(json.success, false, `${key}=${value}`);
  }
  const { json } = await root.put("/api/option/", { key: "GitHubOAuthEnabled", value: "true" });
  assert.match(json.message ?? "", /GitHub/u);
  const off = await root.put("/api/option/", { key: "GitHubOAuthEnabled", value: "false" });
  assert.equal(off.json.success, true);
});

test("a body that cannot be read is HTTP 400", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  assert.equal((await root.put("/api/option/", "{")).status, 400);
  assert.equal((await root.put("/api/option/", { key: "Notice" })).status, 400);
});

test("options survive a change of their value many times over", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  for (const value of ["one", "two", "two", ""]) {
    await root.put("/api/option/", { key: "Notice", value });
    assert.equal((await admin.browser().get("/api/notice")).json.data, value);
  }
});

test("groups are those that have a ratio", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  assert.deepEqual((await root.get("/api/group/")).json.data, ["default", "vip"]);
});

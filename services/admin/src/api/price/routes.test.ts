import assert from "node:assert/strict";
import { test } from "node:test";
import { startAdmin } from "../../testing/start-admin.ts";

test("everybody signed in may see what a model costs, in exact dollars", async () => {
  await using admin = await startAdmin();
  const bob = await admin.signIn(admin.quota.users.add({ username: "bob" }));
  const { data } = (await bob.get("/api/price?model=gpt")).json;
  assert.equal(data.version, 3);
  assert.partialDeepStrictEqual(data.price, {
    input: "0.0375",
    output: "2",
    image: "0.04",
    second: "0.0001",
    call: "0",
    tiers: [{ above: 200_000, input: "0.075" }],
  });
  assert.equal((await bob.get("/api/price/?model=unknown")).json.data.price, null);
  assert.equal((await admin.browser().get("/api/price?model=gpt")).json.success, false);
});

test("versions are for admins to see and for root to make, now or later", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  const clerk = await admin.signIn(admin.quota.users.add({ username: "clerk", role: 10 }));
  assert.deepEqual((await clerk.get("/api/price/versions")).json.data, [
    { version: 2, effective_at: 2000, current: false, superseded_at: 0, scheduled: ["GroupRatio"] },
    { version: 1, effective_at: 1000, current: true, superseded_at: 0, scheduled: [] },
  ]);
  assert.equal((await clerk.post("/api/price/versions", {})).json.success, false);
  const later = { effective_at: 1_800_000_000, options: { GroupRatio: '{"default": 2}' } };
  assert.equal((await root.post("/api/price/versions", later)).json.data.version, 3);
  const [request] = admin.quota.prices.published;
  assert.equal(request?.effectiveAtMs, 1_800_000_000_000n);
  assert.deepEqual(request.options, later.options);
  const wrong = await root.post("/api/price/versions", { options: { QuotaPerUnit: "1" } });
  assert.equal(wrong.json.success, false);
});

test("the export names what ratios leave out", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  assert.deepEqual((await root.get("/api/price/ratios")).json.data, {
    version: 3,
    ModelRatio: '{"gpt": 0.01875}',
    CompletionRatio: "{}",
    GroupRatio: '{"default": 1}',
    unsayable: [{ model: "gpt", channel_type: 0, parts: ["tiers"] }],
  });
});

test("a channel's costs are read back as they were set", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  assert.deepEqual((await root.get("/api/channel_cost/4")).json.data, { costs: [] });
  const costs = [
    { multiplier_ppm: 800_000 },
    { model: "gpt", price: { input: "1.5", output: 6, tiers: [{ above: 200_000, input: 3 }] } },
  ];
  assert.equal((await root.put("/api/channel_cost/4", { costs })).json.success, true);
  assert.deepEqual((await root.get("/api/channel_cost/4")).json.data.costs, [
    { model: "", multiplier_ppm: 800_000 },
    { ...costs[1], multiplier_ppm: 1_000_000 },
  ]);
  const bob = await admin.signIn(admin.quota.users.add({ username: "bob" }));
  assert.equal((await bob.get("/api/channel_cost/4")).json.success, false);
});

test("a margin says what was earned, also when that is less than nothing", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  const sums = {
    requests: 86_400,
    cost_nano: "500",
    upstream_cost_nano: "700",
    margin_nano: "-200",
  };
  const named = {
    channel: { channel: 7 },
    model: { model: "name" },
    user: { user_id: 7, username: "name" },
  };
  for (const [by, name] of Object.entries(named)) {
    const { data } = (await root.get(`/api/margin?from=86400&to=172800&by=${by}`)).json;
    assert.deepEqual(data, [{ ...name, ...sums }]);
  }
  assert.equal((await root.get("/api/margin?by=weather")).json.success, false);
});

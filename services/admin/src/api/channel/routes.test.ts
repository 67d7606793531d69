import assert from "node:assert/strict";
import { test } from "node:test";
import { ChannelStatus } from "@tollgate/proto/registry/v1/channel_service";
import { startAdmin } from "../../testing/start-admin.ts";

async function startWithRoot() {
  const admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  return { admin, root, [Symbol.asyncDispose]: async () => admin[Symbol.asyncDispose]() };
}

const channel = {
  type: 1,
  key: "sk-one\nsk-two",
  name: "mine",
  base_url: "https://example.com",
  models: "a,b",
  group: "default,vip",
  model_mapping: '{"a":"A"}',
  config: '{"region":"x","retries":3}',
  priority: 5,
  weight: 2,
};

test("a channel is made for each line of the credential, which no answer holds", async () => {
  await using context = await startWithRoot();
  const { admin, root } = context;
  assert.deepEqual((await root.post("/api/channel/", channel)).json.data, { ids: [1, 2] });
  const list = await root.get("/api/channel/?page_size=20");
  assert.equal(list.json.total, 2);
  assert.ok(!list.text.includes("sk-one") && !list.text.includes("sk-two"));
  const { data } = (await root.get("/api/channel/1")).json;
  assert.deepEqual(
    [data.key, data.key_hint, data.models, data.group, data.model_mapping, data.config],
    ["", "-one", "a,b", "default,vip", '{"a":"A"}', '{"region":"x","retries":"3"}'],
  );
  assert.equal(admin.registry.channels.get(2n)?.credential, "sk-two");
});

test("blank and absent fields stay as in One API; blank pointer fields are emptied", async () => {
  await using context = await startWithRoot();
  const { admin, root } = context;
  await root.post("/api/channel/", { ...channel, key: "sk-one" });
  const reply = await root.put("/api/channel/", {
    id: 1,
    key: "",
    name: "",
    models: "",
    group: "",
    config: "",
    status: 3,
    type: 0,
    base_url: "",
    model_mapping: "",
    priority: 0,
    balance: 99,
  });
  assert.equal(reply.json.data.key, "");
  const row = admin.registry.channels.get(1n);
  assert.equal(row?.credential, "sk-one");
  assert.deepEqual(
    [row?.channel.name, row?.channel.models, row?.channel.groups, row?.channel.status],
    ["mine", ["a", "b"], ["default", "vip"], ChannelStatus.ENABLED],
  );
  assert.deepEqual(
    [row?.channel.baseUrl, row?.channel.modelMapping, row?.channel.priority, row?.channel.type],
    ["", {}, 0n, 1],
  );
  assert.equal(row?.channel.balanceNanos, 0n);
});

test("a mapping that is no JSON object is refused with the name of the field", async () => {
  await using context = await startWithRoot();
  for (const model_mapping of ["{", "[]", "3", '{"a":{}}']) {
    const { json } = await context.root.post("/api/channel/", { ...channel, model_mapping });
    assert.equal(json.success, false);
    assert.match(json.message ?? "", /model_mapping/u);
  }
});

test("sorting, filters and paging reach the registry", async () => {
  await using context = await startWithRoot();
  await context.root.get(
    "/api/channel/?p=2&page_size=50&sort=balance&direction=desc&status=3&type=1&group=vip&model_name=m&keyword=k",
  );
  const { range, ...filter } = JSON.parse(JSON.stringify(context.admin.registry.lastList));
  assert.deepEqual(
    { ...filter, $typeName: "" },
    { $typeName: "", status: 3, type: 1, group: "vip", model: "m" },
  );
  assert.deepEqual(
    { ...range, $typeName: "" },
    {
      $typeName: "",
      offset: 100,
      limit: 50,
      sort: "balance_nanos",
      descending: true,
      keyword: "k",
      withTotal: true,
    },
  );
});

test("a batch enables, disables, changes and deletes", async () => {
  await using context = await startWithRoot();
  const { admin, root } = context;
  await root.post("/api/channel/", channel);
  const batch = async (body: object) => (await root.post("/api/channel/batch", body)).json;
  assert.equal((await batch({ ids: [1, 2, 2], action: "disable" })).data.changed, 2);
  assert.equal(admin.registry.channels.get(1n)?.channel.status, ChannelStatus.DISABLED);
  assert.equal((await batch({ ids: [1], action: "enable" })).data.changed, 1);
  await batch({ ids: [1], action: "set", set: { priority: 9, group: "vip" } });
  assert.equal(admin.registry.channels.get(1n)?.channel.priority, 9n);
  assert.equal((await batch({ ids: [1], action: "set" })).success, false);
  assert.equal((await batch({ ids: [], action: "enable" })).success, false);
  assert.equal((await root.delete("/api/channel/disabled")).json.data, 1);
  assert.equal((await batch({ ids: [1], action: "delete" })).data.changed, 1);
});

test("a test answers in One API's form, also when the upstream refuses", async () => {
  await using context = await startWithRoot();
  const { root } = context;
  assert.deepEqual((await root.get("/api/channel/test/1?model=m")).json, {
    success: true,
    message: "hello",
    time: 1.5,
    modelName: "m",
  });
  const failed = (await root.get("/api/channel/test/404")).json;
  assert.equal(failed.success, false);
  assert.equal(failed.message, "The upstream refused the key.");
  assert.deepEqual((await root.get("/api/channel/update_balance/1")).json, {
    success: true,
    message: "",
    balance: 12.34,
  });
  assert.deepEqual((await root.get("/api/channel/fetch_models/1")).json.data, ["saved-model"]);
});

test("a credential can be tried before it is saved", async () => {
  await using context = await startWithRoot();
  const { root } = context;
  const draft = { type: 14, key: "sk-x", base_url: "" };
  assert.deepEqual((await root.post("/api/channel/probe", draft)).json.data, {
    models: ["of type 14"],
  });
  assert.deepEqual(
    (await root.post("/api/channel/probe/test", { ...draft, model: "m" })).json.data,
    {
      elapsed_ms: 412,
      ttft_ms: 180,
      reply: "hi",
    },
  );
  const bad = await root.post("/api/channel/probe/test", { ...draft, key: "bad", model: "m" });
  assert.deepEqual(bad.json, { success: false, message: "The upstream refused the key." });
});

test("types and models are the relay's; a model of two types is listed once", async () => {
  await using context = await startWithRoot();
  const { root } = context;
  const types = (await root.get("/api/channel/types")).json.data;
  assert.deepEqual(
    types.map((type: { id: number; label_en: string }) => [type.id, type.label_en]),
    [
      [1, "OpenAI"],
      [1000, "Demo"],
    ],
  );
  const catalogue = (await root.get("/api/channel/models")).json;
  assert.equal(catalogue["object"], "list");
  assert.deepEqual(
    catalogue.data.map((entry: { id: string; owned_by: string }) => [entry.id, entry.owned_by]),
    [
      ["gpt", "openai"],
      ["shared", "openai"],
      ["demo", "tollgate"],
    ],
  );
  assert.deepEqual((await root.get("/api/models")).json.data, {
    "1": ["gpt", "shared"],
    "1000": ["demo", "shared"],
  });
});

test("testing all channels is a job that can be watched and cancelled, one at a time", async () => {
  await using context = await startWithRoot();
  const { admin, root } = context;
  const { data } = (await root.get("/api/channel/test?scope=disabled")).json;
  assert.deepEqual(data, { job_id: "job-1" });
  assert.equal((await root.get("/api/channel/test")).json.message, "Such a job is running.");
  assert.deepEqual((await root.get("/api/channel/update_balance")).json.data, { job_id: "job-2" });
  assert.deepEqual((await root.get("/api/job/job-1")).json.data, {
    id: "job-1",
    kind: "test_channels",
    status: "running",
    done: 0,
    total: 4,
    ok: 0,
    failed: 0,
    started_at: 1_700_000_000,
    finished_at: 0,
    message: "only disabled",
  });
  assert.equal((await root.post("/api/job/job-1/cancel")).json.data.status, "cancelled");
  assert.equal((await root.get("/api/job/")).json.data.length, 2);
  assert.equal((await root.get("/api/job/none")).json.success, false);
  assert.equal(admin.scheduler.jobs[1]?.requestedBy, "1");
});

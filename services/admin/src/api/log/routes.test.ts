import assert from "node:assert/strict";
import { test } from "node:test";
import { LogKind } from "@tollgate/proto/quota/v1/usage_service";
import { Basis } from "@tollgate/proto/type/v1/usage";
import { startAdmin } from "../../testing/start-admin.ts";

const call = {
  kind: LogKind.CONSUME,
  userId: 1n,
  username: "bob",
  createdAtMs: 1_700_000_000_999n,
  keyName: "mine",
  model: "gpt",
  upstreamModel: "gpt-real",
  channelId: 3n,
  costNanos: 4001n,
  upstreamCostNanos: 3001n,
  usage: {
    inputTokens: 1,
    cacheReadTokens: 2,
    cacheWrite5mTokens: 4,
    cacheWrite1hTokens: 8,
    audioInputTokens: 16,
    outputTokens: 32,
    reasoningTokens: 64,
  },
  basis: Basis.USAGE,
  requestId: "r1",
  durationMs: 900,
  ttftMs: 100,
  stream: true,
  estimated: true,
  group: "vip",
  attempts: [{ channelId: 2n, status: 500, reason: "UPSTREAM_FAILED", elapsedMs: 10 }],
  price: { inputPicoUsd: 2_000_000n, outputPicoUsd: 4_000_000n },
  multiplierPpm: 500_000n,
  priceVersion: 9n,
};

test("a row has One API's fields and the additions; tries are for operators only", async () => {
  await using admin = await startAdmin();
  const bob = await admin.signIn(admin.quota.users.add({ username: "bob" }));
  const root = await admin.signIn(admin.addRoot());
  admin.quota.addLog(call);
  const [own] = (await bob.get("/api/log/self")).json.data;
  assert.equal(own.attempts, undefined);
  assert.equal(own.upstream_cost_nano, undefined);
  assert.partialDeepStrictEqual(own, {
    id: 1,
    user_id: 1,
    created_at: 1_700_000_000,
    type: 2,
    content: "",
    username: "bob",
    token_name: "mine",
    model_name: "gpt",
    quota: 2,
    prompt_tokens: 31,
    completion_tokens: 96,
    channel: 3,
    request_id: "r1",
    elapsed_time: 900,
    is_stream: true,
    system_prompt_reset: false,
    status: "ok",
    basis: "usage",
    is_estimated: true,
    ttft_ms: 100,
    cache_read_tokens: 2,
    cache_write_tokens: 12,
    reasoning_tokens: 64,
    group: "vip",
    upstream_model: "gpt-real",
    cost_nano: "4001",
    error: "",
    price: { input_pico: 2_000_000, output_pico: 4_000_000, multiplier_ppm: 500_000, version: 9 },
  });
  const [seen] = (await root.get("/api/log/")).json.data;
  assert.deepEqual([seen.upstream_cost_nano, seen.price_outdated], ["3001", false]);
  assert.deepEqual(seen.attempts, [
    { channel: 2, status: 500, reason: "UPSTREAM_FAILED", elapsed_ms: 10 },
  ]);
});

test("how a call ended is told in one word", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  const endings = [
    [Basis.USAGE, "", "ok"],
    [Basis.COUNTED, "", "ok"],
    [Basis.ABORTED, "", "aborted"],
    [Basis.DRAINED, "", "aborted"],
    [Basis.PARTIAL, "UPSTREAM_CUT", "partial"],
    [Basis.CUTOFF, "", "cutoff"],
    [Basis.CRASH, "", "interrupted"],
    [Basis.FAILED, "NO_CHANNEL", "error"],
  ] as const;
  for (const [basis, errorReason] of endings) {
    admin.quota.addLog({ ...call, basis, errorReason });
  }
  const rows: { status: string }[] = (await root.get("/api/log/")).json.data;
  assert.deepEqual(
    rows.map(({ status }) => status),
    endings.map(([, , word]) => word).toReversed(),
  );
});

test("users see their own rows only, whatever they ask for", async () => {
  await using admin = await startAdmin();
  const bob = await admin.signIn(admin.quota.users.add({ username: "bob" }));
  admin.quota.addLog(call);
  admin.quota.addLog({ ...call, userId: 2n, username: "eve" });
  for (const path of ["/api/log/self?username=eve&user_id=2", "/api/log/self/search?keyword=2"]) {
    const rows: { user_id: number }[] = (await bob.get(path)).json.data;
    assert.deepEqual(
      rows.map((row) => row.user_id),
      [1],
    );
  }
  assert.equal((await bob.get("/api/log/")).json.success, false);
  assert.equal((await bob.get("/api/log/self/stat")).json.data.requests, 1);
});

test("the filters that One API's front ends send are understood, blank ones too", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  const query =
    "p=0&type=2&username=bob&token_name=&model_name=gpt&start_timestamp=1700000000&end_timestamp=NaN&channel=";
  const { json } = await root.get(`/api/log/?${query}&request_id=r1&group=vip&status=error`);
  assert.equal(json.success, true);
  const filter = JSON.parse(
    JSON.stringify(admin.quota.lastLogFilter, (_key, value) =>
      typeof value === "bigint" ? Number(value) : value,
    ),
  );
  assert.deepEqual(
    { ...filter, $typeName: "" },
    {
      $typeName: "",
      userId: 0,
      kind: 2,
      fromSeconds: 1_700_000_000,
      toSeconds: 0,
      username: "bob",
      keyName: "",
      model: "gpt",
      channelId: 0,
      requestId: "r1",
      group: "vip",
      failed: true,
    },
  );
});

test("the sums are in quota units", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  admin.quota.addLog(call);
  admin.quota.addLog(call);
  assert.deepEqual((await root.get("/api/log/stat?type=0&username=&channel=")).json.data, {
    quota: 4,
    requests: 2,
    tokens: 7,
    rpm: 1,
    tpm: 2,
  });
});

test("removing old rows needs a time", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  assert.equal((await root.delete("/api/log/")).json.success, false);
  assert.equal((await root.delete("/api/log/?target_timestamp=0")).json.success, false);
  assert.equal((await root.delete("/api/log/?target_timestamp=1700000000")).json.data, 4);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { explainedCallId } from "../../testing/fake-reports.ts";
import { startAdmin } from "../../testing/start-admin.ts";

const path = `/api/log/${explainedCallId}/explain`;

test("an operator sees the whole computation, the channels tried and what they cost", async () => {
  await using admin = await startAdmin();
  admin.quota.users.add({ username: "bob" });
  const root = await admin.signIn(admin.addRoot());
  const { json } = await root.get(path);
  assert.deepEqual(json.data, {
    request_id: explainedCallId,
    user_id: 1,
    created_at: 1_700_000_000,
    settled_at: 1_700_000_001,
    model: "gpt",
    priced_model: "gpt-real",
    group: "vip",
    price_version: 9,
    price_effective_at: 1_600_000_000,
    price_state: "known",
    computation: {
      lines: [{ bucket: "input", units: 3, price_pico: "1250000", pico: "3750000" }],
      prompt_tokens: 3,
      tier_above: 0,
      tiers: [200_000],
      sum_pico: "3750000",
      group_ppm: 500_000,
      user_ppm: 1_000_000,
      exact_fraction: "1875/1",
      exact_nano: "1875",
      rounding_nano: "0",
      capped: false,
      free_basis: false,
      amount_nano: "1875",
    },
    cost_nano: "1875",
    matches: true,
    basis: "usage",
    basis_meaning: "By the upstream's usage.",
    status: 200,
    error: "",
    attempts: [
      {
        status: 500,
        reason: "UPSTREAM_FAILED",
        elapsed_ms: 9,
        channel: 5,
        upstream_cost_nano: "0",
      },
      { status: 200, reason: "", elapsed_ms: 90, channel: 6, upstream_cost_nano: "1000" },
    ],
    refunds: [{ seq: 1, amount_nano: "75", reason: "sorry", at: 5, actor_id: 4 }],
    refunded_nano: "75",
    holds: {
      leases: [
        {
          granted_nano: "10",
          settled_nano: "0",
          returned_nano: "0",
          active: true,
          opened_at: 1,
          closed_at: 0,
          journal: "j/2/3",
        },
      ],
      paid_by: {
        hold_nano: "6",
        beyond_nano: "1",
        remainder_nano: "10",
        lease: {
          granted_nano: "10",
          settled_nano: "0",
          returned_nano: "0",
          active: true,
          opened_at: 0,
          closed_at: 0,
          journal: "j/2/3",
        },
        journal: "j/2/3",
      },
    },
    flags: { late: true, corrected: false, price_outdated: false },
    channel_type: 14,
    upstream_cost_nano: "1000",
  });
});

test("the owner sees neither channels nor what upstreams cost nor who gave money back", async () => {
  await using admin = await startAdmin();
  const bob = await admin.signIn(admin.quota.users.add({ username: "bob" }));
  const { text, json } = await bob.get(path);
  assert.equal(json.data.matches, true);
  assert.deepEqual(json.data.attempts, [
    { status: 500, reason: "UPSTREAM_FAILED", elapsed_ms: 9 },
    { status: 200, reason: "", elapsed_ms: 90 },
  ]);
  for (const word of ["channel", "upstream_cost", "actor", "journal"]) {
    assert.ok(!text.includes(`"${word}`), word);
  }
});

test("somebody else's call does not exist, and strangers are sent away", async () => {
  await using admin = await startAdmin();
  admin.quota.users.add({ username: "bob" });
  const eve = await admin.signIn(admin.quota.users.add({ username: "eve" }));
  const { json } = await eve.get(path);
  assert.deepEqual([json.success, json.message], [false, "There is no such call."]);
  assert.equal((await admin.browser().get(path)).status, 401);
});

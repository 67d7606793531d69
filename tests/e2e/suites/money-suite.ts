import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { record } from "../harness/admin-client.ts";
import { eventually, logRowOf, makeChannel, makeKey, quotaOf } from "../harness/builders.ts";
import { chat, post } from "../harness/chat.ts";
import type { Scene } from "../harness/platform.ts";

/** gpt-4o-mini by One API's ratios: 0.075 × 2 USD per million in, × 4 out; nano-USD per token. */
const IN = 150n;
const OUT = 600n;

/** A bill is exact, or it is wrong. */
export function moneySuite(scene: Scene): void {
  describe("money", () => {
    const ROOT = 1;

    before(async () => {
      await makeChannel(scene, { name: "money", models: ["gpt-4o-mini"] });
    });

    const ledger = async () =>
      record(await scene.platform().admin.call("GET", "/api/ledger/check"));

    it("the log shows tokens and price, and the balance moves by exactly that", async () => {
      const platform = scene.platform();
      await settled(scene);
      const earlier = await balanceNano(scene, ROOT);
      const reply = await post(platform, { body: chat("gpt-4o-mini", "a b c d words=7") });
      const row = await logRowOf(platform, reply.requestId);
      assert.equal(row["prompt_tokens"], 5);
      assert.equal(row["completion_tokens"], 7);
      const cost = (5n * IN + 7n * OUT) / 1n;
      assert.equal(row["cost_nano"], String(cost));
      assert.equal(await balanceNano(scene, ROOT), earlier - cost);
      assert.equal(row["quota"], Number(cost / 2000n));
    });

    it("a streamed call costs what the same whole call costs", async () => {
      const platform = scene.platform();
      const [whole, streamed] = await Promise.all([
        post(platform, { body: chat("gpt-4o-mini", "same words=9") }),
        post(platform, { body: chat("gpt-4o-mini", "same words=9", { stream: true }) }),
      ]);
      const rows = await Promise.all(
        [whole, streamed].map((reply) => logRowOf(platform, reply.requestId)),
      );
      assert.equal(rows[0]?.["cost_nano"], rows[1]?.["cost_nano"]);
    });

    it("cached and reasoning tokens stand in buckets of their own", async () => {
      const platform = scene.platform();
      const reply = await post(platform, {
        body: chat("gpt-4o-mini", "one two three cached=2 reasoning=3 words=4"),
      });
      const row = await logRowOf(platform, reply.requestId);
      assert.equal(row["prompt_tokens"], 6);
      assert.equal(row["cache_read_tokens"], 2);
      assert.equal(row["completion_tokens"], 7);
      assert.equal(row["reasoning_tokens"], 3);
    });

    it("64 parallel calls of mixed kinds leave a bill that equals the upstream's own count", async () => {
      const platform = scene.platform();
      await settled(scene);
      scene.upstream().books.reset();
      const earlier = await balanceNano(scene, ROOT);
      const replies = await Promise.all(
        Array.from({ length: 256 }, (_, index) =>
          post(platform, {
            body: chat("gpt-4o-mini", `call ${index} words=${(index % 13) + 1}`, {
              stream: index % 2 === 0,
            }),
          }),
        ),
      );
      assert.ok(replies.every((reply) => reply.status === 200));
      const { inputTokens, outputTokens, complete } = scene.upstream().books.totals();
      assert.equal(complete, 256);
      const truth = BigInt(inputTokens) * IN + BigInt(outputTokens) * OUT;
      await eventually(
        "every call is settled",
        async () => earlier - (await balanceNano(scene, ROOT)) >= truth,
      );
      assert.equal(earlier - (await balanceNano(scene, ROOT)), truth);
      assert.deepEqual((await ledger())["violations"], []);
    });

    it("a capped key stops at its cap, also under 64 parallel calls", async () => {
      const capUnits = 200;
      const key = await makeKey(scene, { name: "capped", capUnits });
      const replies = await Promise.all(
        Array.from({ length: 64 }, () =>
          post(scene.platform(), {
            key: key.key,
            body: chat("gpt-4o-mini", "hello", { max_tokens: 50 }),
          }),
        ),
      );
      const statuses = new Set(replies.map((reply) => reply.status));
      assert.ok(
        [...statuses].every((status) => [200, 401, 403].includes(status)),
        String([...statuses]),
      );
      await settled(scene);
      const token = record(await scene.platform().admin.call("GET", `/api/token/${key.id}`));
      assert.ok(Number(token["remain_quota"]) >= 0, String(token["remain_quota"]));
      assert.ok(Number(token["remain_quota"]) < capUnits);
    });

    it("a group's ratio multiplies the price from the next call on", async () => {
      const platform = scene.platform();
      const groups = { default: 2.5, vip: 1, svip: 1 };
      const set = (value: object) =>
        platform.admin.call("PUT", "/api/option/", {
          key: "GroupRatio",
          value: JSON.stringify(value),
        });
      await set(groups);
      try {
        await eventually("the new price book is in force", async () => {
          const reply = await post(platform, { body: chat("gpt-4o-mini", "a words=1") });
          const row = await logRowOf(platform, reply.requestId);
          return row["cost_nano"] === String(((2n * IN + OUT) * 5n) / 2n);
        });
      } finally {
        await set({ default: 1, vip: 1, svip: 1 });
      }
    });

    it("the ledger holds: entries sum to zero, balances equal entries, nothing leaks", async () => {
      await settled(scene);
      assert.deepEqual((await ledger())["violations"], []);
    });
  });
}

async function balanceNano(scene: Scene, userId: number): Promise<bigint> {
  const user = record(await scene.platform().admin.call("GET", `/api/user/${userId}`));
  return BigInt(String(user["balance_nano"]));
}

/** Waits until nothing moves any more: every call made so far is settled. */
async function settled(scene: Scene): Promise<void> {
  let last = -1;
  await eventually("every call is settled", async () => {
    const now = await quotaOf(scene.platform(), 1);
    const stat = record(await scene.platform().admin.call("GET", "/api/log/stat?type=2"));
    const isStill = now + Number(stat["requests"]) === last;
    last = now + Number(stat["requests"]);
    await new Promise((resolve) => {
      setTimeout(resolve, 150);
    });
    return isStill;
  });
}

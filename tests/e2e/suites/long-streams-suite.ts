import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { record } from "../harness/admin-client.ts";
import { keyOfUser, logRowOf, makeChannel, makeUser, quotaOf } from "../harness/builders.ts";
import { chat, eventsOf, post } from "../harness/chat.ts";
import type { Scene } from "../harness/platform.ts";

/** Ratio 30 both ways: 60 USD for a million tokens, so that a step of 2,048 tokens is 61,440 units. */
const STEP_UNITS = 61_440;

/** Streams that outgrow their money or their client, and calls that are made twice. */
export function longStreamsSuite(scene: Scene): void {
  describe("long streams", () => {
    before(async () => {
      await makeChannel(scene, { name: "talker", models: ["talker"] });
      await makeChannel(scene, {
        name: "drainer",
        models: ["drainer"],
        behaviour: "slow-20",
        config: { on_disconnect_stream: "drain" },
      });
    });

    it("a stream ends where the balance does: with length and an error, billed for what was delivered", async () => {
      const user = await makeUser(scene, "short-of-money", Math.ceil(STEP_UNITS * 1.2));
      const key = await keyOfUser(scene, user);
      const body = chat("talker", "words=8000", { stream: true });
      const reply = await post(scene.platform(), { key, body });
      const events = eventsOf(reply.text);
      assert.match(events.at(-2) ?? "", /"finish_reason":"length"/u);
      const { error } = record(JSON.parse(events.at(-1) ?? ""));
      assert.equal(record(error)["code"], "insufficient_user_quota");
      const row = await logRowOf(scene.platform(), reply.requestId);
      assert.equal(row["basis"], "cutoff");
      assert.ok(Number(row["completion_tokens"]) > 1000);
      assert.ok((await quotaOf(scene.platform(), user.id)) >= 0);
    });

    it("a long stream with money enough passes whole", async () => {
      const body = chat("talker", "words=8000", { stream: true });
      const reply = await post(scene.platform(), { body });
      assert.equal(eventsOf(reply.text).at(-1), "[DONE]");
      const row = await logRowOf(scene.platform(), reply.requestId);
      assert.deepEqual([row["basis"], row["completion_tokens"]], ["usage", 8000]);
    });

    it("a channel may drain streams whose client has left: its usage is billed", async () => {
      const { relayUrl, rootKey } = scene.platform();
      const leaving = new AbortController();
      const response = await fetch(`${relayUrl}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${rootKey}`, "content-type": "application/json" },
        body: JSON.stringify(chat("drainer", "words=40", { stream: true })),
        signal: leaving.signal,
      });
      await response.body?.getReader().read();
      leaving.abort();
      const requestId = response.headers.get("x-oneapi-request-id") ?? "";
      const row = await logRowOf(scene.platform(), requestId);
      assert.deepEqual([row["basis"], row["completion_tokens"]], ["drained", 40]);
    });

    it("a call with an Idempotency-Key that was used is not made again, also after the relay was killed", async () => {
      const call = {
        body: chat("talker", "words=3"),
        headers: { "idempotency-key": "one order" },
      };
      const first = await post(scene.platform(), call);
      assert.equal(first.status, 200);
      const assertRefused = async (): Promise<void> => {
        const again = await post(scene.platform(), call);
        assert.equal(again.status, 409);
        assert.equal(record(record(again.json)["error"])["code"], "idempotency_key_reused");
        assert.equal(again.headers.get("x-first-request-id"), first.requestId);
      };
      await assertRefused();
      await scene.platform().crash("relay");
      await assertRefused();
    });
  });
}

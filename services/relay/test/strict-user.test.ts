import assert from "node:assert/strict";
import { test } from "node:test";
import { answerChat } from "./support/mock-upstream.ts";
import { post, withRelay } from "./support/with-relay.ts";

const messages = [{ role: "user", content: "Hi" }];
const inputNanos = 2000;
const outputNanos = 8000;

const needOf = (body: string, outputTokens: number): bigint =>
  BigInt(Buffer.byteLength(body) * inputNanos + outputTokens * outputNanos);

test("every call of a strict user asks for itself, at the most that it can cost, whatever the balance", async () => {
  await withRelay({ answers: [answerChat] }, async (relay, [bodies]) => {
    relay.quota.strictUsers.add(1n);
    const bounded = JSON.stringify({ model: "gpt-test", messages, max_tokens: 900 });
    for (const call of [1, 2, 3]) {
      const response = await post(relay, bounded);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get("x-tollgate-output-cap"), null);
      await relay.settled(call);
    }
    assert.equal(bodies?.[0], bounded);
    const need = needOf(bounded, 900);
    assert.deepEqual(
      relay.quota.asked.map(({ needMinNanos, singleNeedNanos }) => [needMinNanos, singleNeedNanos]),
      [
        [need, need],
        [need, need],
        [need, need],
      ],
    );
  });
});

test("a strict user's call without a bound is given one, so that what was set aside is enough", async () => {
  await withRelay({ answers: [answerChat] }, async (relay, [bodies]) => {
    relay.quota.strictUsers.add(1n);
    const unbounded = JSON.stringify({ model: "gpt-test", messages });
    const response = await post(relay, unbounded);
    assert.equal(response.headers.get("x-tollgate-output-cap"), "4096");
    assert.equal(bodies?.[0], unbounded.replace("{", '{"max_tokens":4096,'));
    assert.equal(relay.quota.asked[0]?.needMinNanos, needOf(unbounded, 4096));
  });
});

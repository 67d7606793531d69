import assert from "node:assert/strict";
import { test } from "node:test";
import { aChannel } from "./support/fake-registry.ts";
import { answerChat, chatReply, startMockUpstream } from "./support/mock-upstream.ts";
import { startRelay } from "./support/start-relay.ts";

const chat = JSON.stringify({ model: "gpt-test", messages: [{ role: "user", content: "Hi" }] });

test("a whole reply passes byte for byte and is billed by its usage, once", async () => {
  const upstream = await startMockUpstream(answerChat);
  const relay = await startRelay({ channels: [aChannel(1, upstream.url)] });
  try {
    const response = await fetch(`${relay.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: "Bearer sk-user1" },
      body: chat,
    });
    assert.equal(response.status, 200, await response.clone().text());
    assert.equal(await response.text(), chatReply);
    assert.equal(upstream.bodies[0], chat);
    await relay.settled(1);
    const [end] = relay.quota.ended.values();
    // 10 input tokens at 2 micro-USD and 5 output tokens at 8 micro-USD a thousand times over.
    assert.equal(end?.costNanos, 60_000n);
    assert.equal(end.usage?.inputTokens, 10);
    assert.equal(relay.quota.posted(1n), 10_000_000_000n - 60_000n);
  } finally {
    await relay.close();
    await upstream.close();
  }
});

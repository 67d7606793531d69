import assert from "node:assert/strict";
import { test } from "node:test";
import type { MockAnswer } from "./support/mock-upstream.ts";
import { answerChat, chunk, done, finishChunk, usageChunk } from "./support/mock-upstream.ts";
import type { Setup } from "./support/with-relay.ts";
import { post, sse, withRelay } from "./support/with-relay.ts";

const messages = [{ role: "user", content: "Hi" }];
const inputNanos = 2000;
const outputNanos = 8000;
const header = "x-tollgate-output-cap";

/** A balance that pays for the body, byte by byte, and so many tokens of output. */
const balanceFor = (body: string, outputTokens: number): bigint =>
  BigInt(Buffer.byteLength(body) * inputNanos + outputTokens * outputNanos);

const setup = (body: string, outputTokens: number, more: Partial<Setup> = {}): Setup => ({
  answers: [answerChat],
  clampGroups: ["default"],
  balanceNanos: balanceFor(body, outputTokens) + BigInt(outputNanos) - 1n,
  ...more,
});

const answerMessage: MockAnswer = (_request, response) => {
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(
    JSON.stringify({
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "claude-test",
      content: [{ type: "text", text: "Hello!" }],
      stop_reason: "end_turn",
      usage: { input_tokens: 10, output_tokens: 5 },
    }),
  );
};

test("a call that the balance does not cover is sent with the bound that it does cover; every other byte stays", async () => {
  const body = `{"model":"gpt-test", "max_tokens" : 9000,\n"messages":${JSON.stringify(messages)}}`;
  await withRelay(setup(body, 40), async (relay, [bodies]) => {
    const response = await post(relay, body);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get(header), "40");
    assert.equal(bodies?.[0], body.replace("9000", "40"));
    await relay.settled(1);
    assert.ok(relay.quota.posted(1n) >= 0n);
  });
});

test("the bound is each choice's, and is shared among as many as are asked for", async () => {
  const body = JSON.stringify({ model: "gpt-test", messages, max_completion_tokens: 9000, n: 3 });
  await withRelay(setup(body, 3 * 20), async (relay, [bodies]) => {
    assert.equal((await post(relay, body)).headers.get(header), "20");
    assert.equal(bodies?.[0], body.replace("9000", "20"));
  });
});

test("a stream without a bound is given the one that the balance covers", async () => {
  const body = JSON.stringify({ model: "gpt-test", messages, stream: true });
  const answers = [sse(chunk("Hello!"), finishChunk, usageChunk, done)];
  await withRelay(setup(body, 50, { answers }), async (relay, [bodies]) => {
    const response = await post(relay, body);
    assert.equal(response.headers.get(header), "50");
    assert.match(await response.text(), /Hello!/u);
    assert.match(bodies?.[0] ?? "", /"max_tokens":50,/u);
  });
});

test("calls of Anthropic's dialect are bounded too, passed through and translated", async () => {
  const body = JSON.stringify({ model: "claude-test", max_tokens: 9000, messages });
  const channel = { models: ["claude-test"] };
  const native = { answers: [answerMessage], channel: { ...channel, type: 14 } };
  for (const more of [native, { channel }]) {
    await withRelay(setup(body, 30, more), async (relay, [bodies]) => {
      const headers = { authorization: "Bearer sk-user1", "anthropic-version": "2023-06-01" };
      const response = await fetch(`${relay.url}/v1/messages`, { method: "POST", body, headers });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get(header), "30");
      const { max_tokens: sent } = JSON.parse(bodies?.[0] ?? "{}");
      assert.equal(sent, 30);
    });
  }
});

test("fewer than 16 tokens, or no more than the model is told to think, are refused as without the switch", async () => {
  const plain = JSON.stringify({ model: "gpt-test", messages, max_tokens: 9000 });
  const budget = { type: "enabled", budget_tokens: 1024 };
  const thinking = JSON.stringify({
    model: "gpt-test",
    messages,
    max_tokens: 9000,
    thinking: budget,
  });
  for (const [body, tokens, clampGroups] of [
    [plain, 15, ["default"]],
    [thinking, 1024, ["default"]],
    [plain, 40, ["vip"]],
  ] as const) {
    await withRelay(setup(body, tokens, { clampGroups }), async (relay, [bodies]) => {
      const response = await post(relay, body);
      assert.equal(response.status, 403);
      assert.match(await response.text(), /insufficient_user_quota/u);
      assert.equal(response.headers.get(header), null);
      assert.deepEqual(bodies, []);
    });
  }
});

test("a call that the balance covers is not touched, and neither is a bound below the one that is paid for", async () => {
  const body = JSON.stringify({ model: "gpt-test", messages, max_tokens: 20 });
  await withRelay(setup(body, 20), async (relay, [bodies]) => {
    assert.equal((await post(relay, body)).headers.get(header), null);
    assert.equal(bodies?.[0], body);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Basis } from "@tollgate/proto/type/v1/usage";
import { aChannel } from "./support/fake-registry.ts";
import type { MockAnswer } from "./support/mock-upstream.ts";
import {
  answerChat,
  chunk,
  done,
  finishChunk,
  slowly,
  startMockUpstream,
  usageChunk,
} from "./support/mock-upstream.ts";
import { startRelay } from "./support/start-relay.ts";
import { onlyEnd, post, sse, withRelay } from "./support/with-relay.ts";

const messages = [{ role: "user", content: "Hi" }];
const streamed = JSON.stringify({ model: "gpt-test", messages, stream: true });
const outputPico = 8_000_000n;
/** Nano-USD of the first 2,048 tokens of output. */
const stepNanos = (2048n * outputPico) / 1000n;
const piece = "x".repeat(512);

const contentOf = (text: string): number => text.split(piece).length - 1;

test("a long stream extends its reservation step by step, and the bill is exact", async () => {
  const answers = [slowly([...Array<string>(100).fill(chunk(piece)), usageChunk, done])];
  await withRelay({ answers }, async (relay) => {
    const text = await (await post(relay, streamed)).text();
    assert.equal(contentOf(text), 100);
    const end = await onlyEnd(relay);
    assert.deepEqual([end.basis, end.costNanos], [Basis.USAGE, 60_000n]);
    assert.ok(relay.quota.counts.acquired > 1);
  });
});

test("a stream is cut off where the balance ends: what was paid for is delivered, no more, and the balance stays positive", async () => {
  const closed = Promise.withResolvers<void>();
  const answers = [slowly(Array<string>(100).fill(chunk(piece)), () => closed.resolve())];
  const balanceNanos = stepNanos + stepNanos / 4n;
  await withRelay({ answers, balanceNanos }, async (relay) => {
    const text = await (await post(relay, streamed)).text();
    await closed.promise;
    const delivered = contentOf(text) * piece.length;
    assert.ok(delivered > 0 && delivered <= 2048 * 3);
    const frames = text.trimEnd().split("\n\n").slice(-2);
    assert.match(frames[0] ?? "", /"object":"chat.completion.chunk".*"finish_reason":"length"/u);
    assert.match(frames[1] ?? "", /^data: \{"error":.*"code":"insufficient_user_quota"/u);
    const end = await onlyEnd(relay);
    assert.deepEqual([end.basis, end.errorReason], [Basis.CUTOFF, "BALANCE_EXHAUSTED"]);
    assert.equal(end.usage?.outputTokens, Math.ceil(delivered / 4));
    assert.ok(relay.quota.posted(1n) >= 0n);
  });
});

test("an Anthropic client is told max_tokens and a billing error when its stream is cut off", async () => {
  const answers = [slowly(Array<string>(100).fill(chunk(piece)))];
  await withRelay({ answers, balanceNanos: stepNanos + 1_000_000n }, async (relay) => {
    const body = { model: "gpt-test", max_tokens: 50_000, messages, stream: true };
    const response = await fetch(`${relay.url}/v1/messages`, {
      method: "POST",
      headers: { "x-api-key": "sk-user1", "anthropic-version": "2023-06-01" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    assert.match(text, /event: message_delta\ndata: .*"stop_reason":"max_tokens"/u);
    assert.match(text, /event: error\ndata: .*"billing_error"/u);
    assert.equal((await onlyEnd(relay)).basis, Basis.CUTOFF);
  });
});

test("a bound of the client that is paid for is never cut off, however long its tokens are", async () => {
  const answers = [slowly([...Array<string>(40).fill(chunk(piece)), usageChunk, done])];
  await withRelay({ answers, balanceNanos: stepNanos + 1_000_000n }, async (relay) => {
    const body = JSON.stringify({ model: "gpt-test", messages, stream: true, max_tokens: 2000 });
    assert.equal(contentOf(await (await post(relay, body)).text()), 40);
    assert.equal((await onlyEnd(relay)).basis, Basis.USAGE);
  });
});

test("many long streams of one user at once cost what they cost, and nothing stays held", async () => {
  const answers = [slowly([...Array<string>(60).fill(chunk(piece)), usageChunk, done])];
  await withRelay({ answers }, async (relay) => {
    await Promise.all(Array.from({ length: 20 }, async () => (await post(relay, streamed)).text()));
    await relay.settled(20);
    assert.equal(relay.quota.posted(1n), 10_000_000_000n - 20n * 60_000n);
  });
});

test("a call goes on to a dearer channel only if its money covers that one as well", async () => {
  const failing = await startMockUpstream((_request, response) =>
    response.writeHead(500).end("{}"),
  );
  const dear = await startMockUpstream(answerChat);
  const modelMapping = { "gpt-test": "dear-test" };
  const channels = [
    aChannel(1, failing.url, { priority: 9n }),
    aChannel(2, dear.url, { priority: 1n, modelMapping }),
  ];
  const body = JSON.stringify({ model: "gpt-test", messages, max_tokens: 10 });
  for (const [balanceNanos, status] of [
    [2_000_000n, 502],
    [1_000_000_000n, 200],
  ] as const) {
    const relay = await startRelay({ channels, balanceNanos });
    try {
      assert.equal((await post(relay, body)).status, status);
      await relay.settled(1);
      assert.ok(relay.quota.posted(1n) >= 0n);
    } finally {
      await relay.close();
    }
    assert.equal(relay.quota.held(1n), 0n);
  }
  assert.equal(dear.bodies.length, 1);
  await Promise.all([failing.close(), dear.close()]);
});

test("what waits for money keeps its order: a stream that comes all at once passes byte for byte", async () => {
  const pieces = Array.from({ length: 120 }, (_, index) => chunk(`${index} ${piece}`));
  await withRelay({ answers: [sse(...pieces, usageChunk, done)] }, async (relay) => {
    assert.equal(await (await post(relay, streamed)).text(), pieces.join("") + done);
    const end = await onlyEnd(relay);
    assert.deepEqual([end.basis, end.costNanos], [Basis.USAGE, 60_000n]);
  });
});

test("a translated stream that waits for money is whole as well", async () => {
  const pieces = Array.from({ length: 120 }, (_, index) => chunk(`<${index}>${piece}`));
  const answers = [sse(...pieces, finishChunk, usageChunk, done)];
  await withRelay({ answers }, async (relay) => {
    const body = { model: "gpt-test", max_tokens: 50_000, messages, stream: true };
    const response = await fetch(`${relay.url}/v1/messages`, {
      method: "POST",
      headers: { "x-api-key": "sk-user1", "anthropic-version": "2023-06-01" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    const order = [...text.matchAll(/<(\d+)>/gu)].map((match) => Number(match[1]));
    assert.deepEqual(order, [...pieces.keys()]);
    assert.match(text, /event: message_stop/u);
    assert.equal((await onlyEnd(relay)).costNanos, 60_000n);
  });
});

test("a stream for which quota cannot be asked any more is cut off, and its client is told why", async () => {
  const begun = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const answer: MockAnswer = (_request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(chunk("Hello"), () => begun.resolve());
    void release.promise.then(() => response.end(chunk(piece).repeat(100) + usageChunk + done));
  };
  await withRelay({ answers: [answer] }, async (relay) => {
    const answered = post(relay, streamed);
    await begun.promise;
    relay.quota.setDown(true);
    release.resolve();
    const text = await (await answered).text();
    assert.match(text, /"finish_reason":"length"[^\n]*\n\ndata: \{"error":.*service_unavailable/u);
    relay.quota.setDown(false);
    const end = await onlyEnd(relay);
    assert.deepEqual([end.basis, end.errorReason], [Basis.CUTOFF, "MONEY_UNREACHABLE"]);
    assert.ok(contentOf(text) < 100);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Basis } from "@tollgate/proto/type/v1/usage";
import type { MockAnswer } from "./support/mock-upstream.ts";
import {
  answerChat,
  chunk,
  done,
  finishChunk,
  startMockUpstream,
  usageChunk,
} from "./support/mock-upstream.ts";
import { aChannel } from "./support/fake-registry.ts";
import { startRelay, until } from "./support/start-relay.ts";
import { onlyEnd, post, sse, withRelay } from "./support/with-relay.ts";

const messages = [{ role: "user", content: "Hi" }];
const streamed = JSON.stringify({ model: "gpt-test", messages, stream: true });
const outputPico = 8_000_000n;
/** Nano-USD of the first 2,048 tokens of output. */
const stepNanos = (2048n * outputPico) / 1000n;
const piece = "x".repeat(512);

/** Chunks that come one by one, so that each is a matter of its own. */
function slowly(pieces: readonly string[], onClosed: () => void = () => undefined): MockAnswer {
  return (_request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.on("close", onClosed);
    let next = 0;
    const step = (): void => {
      const text = pieces[next];
      next += 1;
      if (text === undefined) {
        response.end();
      } else if (!response.destroyed) {
        response.write(text, () => setImmediate(step));
      }
    };
    step();
  };
}

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

test("a client that leaves a stream of a draining channel is billed by the upstream's usage", async () => {
  const release = Promise.withResolvers<void>();
  const answer: MockAnswer = (_request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(chunk("12345678"));
    void release.promise.then(() => response.end(chunk("more") + usageChunk + done));
  };
  const channel = { config: { on_disconnect_stream: "drain" } };
  await withRelay({ answers: [answer], channel }, async (relay) => {
    const leaving = new AbortController();
    const response = await post(relay, streamed, { signal: leaving.signal });
    await response.body?.getReader().read();
    leaving.abort();
    await relay.disconnected();
    release.resolve();
    const end = await onlyEnd(relay);
    assert.deepEqual([end.basis, end.costNanos], [Basis.DRAINED, 60_000n]);
  });
});

test("a drained stream without usage is billed by what its client had", async () => {
  const release = Promise.withResolvers<void>();
  const answer: MockAnswer = (_request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(chunk("12345678"));
    void release.promise.then(() => response.end(chunk("more and more and more") + done));
  };
  const channel = { config: { on_disconnect_stream: "drain" } };
  await withRelay({ answers: [answer], channel }, async (relay) => {
    const leaving = new AbortController();
    const response = await post(relay, streamed, { signal: leaving.signal });
    await response.body?.getReader().read();
    leaving.abort();
    await relay.disconnected();
    release.resolve();
    const end = await onlyEnd(relay);
    assert.deepEqual([end.basis, end.usage?.outputTokens], [Basis.ABORTED, 2]);
  });
});

test("a channel may stop whole replies whose client has left", async () => {
  const closed = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const answer: MockAnswer = (_request, response) => {
    response.writeHead(200, { "Content-Type": "application/json" });
    response.write(" ", () => begun.resolve());
    response.on("close", () => closed.resolve());
  };
  const channel = { config: { on_disconnect_whole: "abort" } };
  await withRelay({ answers: [answer], channel }, async (relay) => {
    const leaving = new AbortController();
    const answered = post(relay, JSON.stringify({ model: "gpt-test", messages }), {
      signal: leaving.signal,
    });
    await begun.promise;
    leaving.abort();
    await assert.rejects(answered);
    await closed.promise;
    const end = await onlyEnd(relay);
    assert.equal(end.basis, Basis.ABORTED);
    assert.equal(end.usage?.outputTokens, 0);
  });
});

test("a model whose encoding is public is counted exactly when its upstream says nothing", async () => {
  const channel = { modelMapping: { "gpt-test": "gpt-4o-mini" } };
  const answers = [sse(chunk("Hello "), chunk('wor"ld\n!'), finishChunk, done)];
  await withRelay({ answers, channel }, async (relay) => {
    const isCounted = (): boolean =>
      [...relay.quota.ended.values()].some((end) => !end.isEstimated);
    // The first question loads the encoding, which may take longer than the end of a call waits.
    for (let tries = 1; tries <= 10 && !isCounted(); tries += 1) {
      await (await post(relay, streamed)).text();
      await relay.settled(tries);
    }
    const end = [...relay.quota.ended.values()].find(({ isEstimated }) => !isEstimated);
    assert.equal(end?.basis, Basis.COUNTED);
    assert.deepEqual([end.usage?.inputTokens, end.usage?.outputTokens], [8, 6]);
  });
});

test("usage that cannot be is not billed: the call is counted, and so marked", async () => {
  const absurd = usageChunk.replace('"prompt_tokens":10', '"prompt_tokens":-10');
  await withRelay({ answers: [sse(chunk("12345"), absurd, done)] }, async (relay) => {
    await (await post(relay, streamed)).text();
    const end = await onlyEnd(relay);
    assert.deepEqual([end.basis, end.usage?.outputTokens], [Basis.COUNTED, 2]);
    assert.equal(end.isEstimated, true);
  });
});

test("zeros that an upstream reports are zeros, and content beside an error is nobody's", async () => {
  const zero = usageChunk.replaceAll(/"(\w+_tokens)":\d+/gu, '"$1":0');
  await withRelay({ answers: [sse(chunk("12345"), zero, done)] }, async (relay) => {
    await (await post(relay, streamed)).text();
    const end = await onlyEnd(relay);
    assert.deepEqual([end.basis, end.costNanos], [Basis.USAGE, 0n]);
  });
  const failed = chunk("a long story of what went wrong").replace(
    '"choices"',
    '"error":{"message":"broken","type":"server_error"},"choices"',
  );
  await withRelay({ answers: [slowly([chunk("1234"), failed])] }, async (relay) => {
    await (await post(relay, streamed)).text();
    const end = await onlyEnd(relay);
    assert.deepEqual([end.basis, end.usage?.outputTokens], [Basis.PARTIAL, 1]);
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

test("money that comes when its client has left goes back", async () => {
  const begun = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const answer: MockAnswer = (_request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(chunk("Hello"), () => begun.resolve());
    void release.promise.then(() => response.write(chunk(piece).repeat(100)));
  };
  await withRelay({ answers: [answer] }, async (relay) => {
    const leaving = new AbortController();
    const response = await post(relay, streamed, { signal: leaving.signal });
    await begun.promise;
    const before = relay.quota.counts.acquired;
    relay.quota.setDown(true);
    release.resolve();
    const reader = response.body?.getReader();
    for (let bytes = 0; bytes < 4000;) {
      bytes += (await reader?.read())?.value?.length ?? 0;
    }
    leaving.abort();
    await relay.disconnected();
    relay.quota.setDown(false);
    assert.equal((await onlyEnd(relay)).basis, Basis.ABORTED);
    await until(() => relay.quota.counts.acquired > before);
  });
});

/** Clients that leave in the middle: what their upstreams do then, and what is billed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Basis } from "@tollgate/proto/type/v1/usage";
import type { MockAnswer } from "./support/mock-upstream.ts";
import { answerChat, chunk, done, usageChunk } from "./support/mock-upstream.ts";
import { until } from "./support/start-relay.ts";
import { onlyEnd, post, withRelay } from "./support/with-relay.ts";

const messages = [{ role: "user", content: "Hi" }];
const whole = JSON.stringify({ model: "gpt-test", messages });
const streamed = JSON.stringify({ model: "gpt-test", messages, stream: true });
const cost = 60_000n;

const piece = "x".repeat(512);

test("a client that leaves stops the upstream and pays for what was passed on", async () => {
  const upstreamClosed = Promise.withResolvers<void>();
  const answer: MockAnswer = (_request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(chunk("12345678"));
    response.on("close", () => upstreamClosed.resolve());
  };
  await withRelay({ answers: [answer] }, async (relay) => {
    const leaving = new AbortController();
    const response = await post(relay, streamed, { signal: leaving.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    leaving.abort();
    await upstreamClosed.promise;
    const end = await onlyEnd(relay);
    assert.equal(end.basis, Basis.ABORTED);
    assert.equal(end.usage?.outputTokens, 2);
  });
});

test("a whole reply is read to its end and billed when its client has left", async () => {
  const release = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const answer: MockAnswer = (request, response, body) => {
    asked.resolve();
    void release.promise.then(() => answerChat(request, response, body));
  };
  await withRelay({ answers: [answer] }, async (relay) => {
    const leaving = new AbortController();
    const answered = post(relay, whole, { signal: leaving.signal });
    await asked.promise;
    leaving.abort();
    await assert.rejects(answered);
    await relay.disconnected();
    release.resolve();
    const end = await onlyEnd(relay);
    assert.deepEqual([end.basis, end.costNanos], [Basis.DRAINED, cost]);
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

/** Upstreams that fail, before the first byte and after it: what the client sees, and who pays. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Basis } from "@tollgate/proto/type/v1/usage";
import { aChannel } from "./support/fake-registry.ts";
import type { MockAnswer } from "./support/mock-upstream.ts";
import { answerChat, chunk, done, usageChunk } from "./support/mock-upstream.ts";
import { startRelay } from "./support/start-relay.ts";
import { onlyEnd, post, sse, withRelay } from "./support/with-relay.ts";

const messages = [{ role: "user", content: "Hi" }];
const whole = JSON.stringify({ model: "gpt-test", messages });
const streamed = JSON.stringify({ model: "gpt-test", messages, stream: true });
const cost = 60_000n;

const fail =
  (status: number): MockAnswer =>
  (_request, response) => {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ error: { message: "no", type: "server_error" } }));
  };

test("a failure before the first byte goes to the next channel and is billed once", async () => {
  await withRelay({ answers: [fail(500), fail(429), answerChat] }, async (relay) => {
    const response = await post(relay, whole);
    assert.equal(response.status, 200);
    const end = await onlyEnd(relay);
    assert.equal(end.costNanos, cost);
    assert.equal(end.channelId, 3n);
    assert.deepEqual(
      end.attempts.map(({ channelId, status }) => [channelId, status]),
      [
        [1n, 500],
        [2n, 429],
        [3n, 200],
      ],
    );
  });
});

test("a caller's own mistake is not tried elsewhere and costs nothing", async () => {
  await withRelay({ answers: [fail(400), answerChat] }, async (relay, [, second]) => {
    const response = await post(relay, whole);
    assert.equal(response.status, 400);
    assert.equal(second?.length, 0);
    const end = await onlyEnd(relay);
    assert.deepEqual([end.costNanos, end.basis], [0n, Basis.FAILED]);
  });
});

test("an upstream's 401 is never shown as the client's own", async () => {
  await withRelay({ answers: [fail(401)] }, async (relay) => {
    const response = await post(relay, whole);
    assert.equal(response.status, 503);
    assert.equal((await onlyEnd(relay)).costNanos, 0n);
  });
});

test("an error event before the first byte fails over", async () => {
  const broken = sse('data: {"error":{"message":"overloaded","type":"server_error"}}\n\n');
  await withRelay({ answers: [broken, sse(chunk("Hi"), usageChunk, done)] }, async (relay) => {
    assert.equal(await (await post(relay, streamed)).text(), chunk("Hi") + done);
    assert.equal((await onlyEnd(relay)).channelId, 2n);
  });
});

test("a stream that is cut after content ends with an error event and is billed for what was passed on", async () => {
  const answer: MockAnswer = (_request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(chunk("12345678"), () => response.destroy());
  };
  await withRelay({ answers: [answer, answerChat] }, async (relay, [, second]) => {
    const text = await (await post(relay, streamed)).text();
    assert.ok(text.startsWith(chunk("12345678")));
    assert.match(text.slice(chunk("12345678").length), /^data: \{"error":/u);
    assert.equal(second?.length, 0);
    const end = await onlyEnd(relay);
    assert.equal(end.basis, Basis.PARTIAL);
    assert.equal(end.usage?.outputTokens, 2);
  });
});

test("an upstream that stalls does not hang its client", async () => {
  const stall: MockAnswer = () => undefined;
  await withRelay({ answers: [stall], environment: { RELAY_TIMEOUT: "1" } }, async (relay) => {
    const response = await post(relay, whole);
    assert.equal(response.status, 504);
    assert.equal((await onlyEnd(relay)).errorReason, "CALL_TIMEOUT");
  });
});

test("an HTML page with status 200 is a failure of the channel and is not shown", async () => {
  const page: MockAnswer = (_request, response) => {
    response.writeHead(200, { "Content-Type": "text/html" });
    response.end("<html>secret internals</html>");
  };
  await withRelay({ answers: [page] }, async (relay) => {
    const response = await post(relay, whole);
    assert.equal(response.status, 502);
    assert.doesNotMatch(await response.text(), /secret/u);
    assert.equal((await onlyEnd(relay)).errorReason, "NOT_JSON");
  });
});

test("an endless header is refused with a clear reason", async () => {
  const answer: MockAnswer = (request) => {
    request.socket.write(`HTTP/1.1 200 OK\r\nX-Long: ${"a".repeat(100_000)}`);
  };
  await withRelay({ answers: [answer] }, async (relay) => {
    assert.equal((await post(relay, whole)).status, 502);
    assert.equal((await onlyEnd(relay)).errorReason, "HEADERS_TOO_LARGE");
  });
});

test("a dead upstream is named as such", async () => {
  const relay = await startRelay({ channels: [aChannel(1, "http://127.0.0.1:1")] });
  try {
    assert.equal((await post(relay, whole)).status, 502);
    assert.equal((await onlyEnd(relay)).errorReason, "CONNECT_REFUSED");
  } finally {
    await relay.close();
  }
});

test("an error in a 200 body is a failed try in both dialects: nothing is billed, the next channel serves", async () => {
  const errorInDisguise: MockAnswer = (_request, response) => {
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end('{"error":{"message":"quota gone","type":"server_error","code":null}}');
  };
  await withRelay({ answers: [errorInDisguise, answerChat] }, async (relay) => {
    const reply = await fetch(`${relay.url}/v1/messages`, {
      method: "POST",
      headers: { "x-api-key": "sk-user1", "anthropic-version": "2023-06-01" },
      body: JSON.stringify({ model: "gpt-test", max_tokens: 50, messages }),
    });
    assert.match(await reply.text(), /"text":"Hello!"/u);
    const direct = await post(relay, whole);
    assert.equal(direct.status, 200);
    await relay.settled(2);
    for (const end of relay.quota.ended.values()) {
      assert.equal(end.costNanos, cost);
    }
  });
});

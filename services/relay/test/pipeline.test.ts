import assert from "node:assert/strict";
import { test } from "node:test";
import { Basis } from "@tollgate/proto/type/v1/usage";
import { aChannel } from "./support/fake-registry.ts";
import type { MockAnswer } from "./support/mock-upstream.ts";
import {
  answerChat,
  chatReply,
  chunk,
  done,
  finishChunk,
  usageChunk,
} from "./support/mock-upstream.ts";
import { startRelay, until } from "./support/start-relay.ts";
import { onlyEnd, post, sse, withRelay } from "./support/with-relay.ts";

const messages = [{ role: "user", content: "Hi" }];
const whole = JSON.stringify({ model: "gpt-test", messages });
const streamed = JSON.stringify({ model: "gpt-test", messages, stream: true });
const cost = 60_000n;

test("a whole reply passes byte for byte and is billed by its usage, once", async () => {
  await withRelay({ answers: [answerChat] }, async (relay, [bodies]) => {
    const response = await post(relay, whole);
    assert.equal(response.status, 200);
    assert.equal(await response.text(), chatReply);
    assert.equal(bodies?.[0], whole);
    const end = await onlyEnd(relay);
    assert.equal(end.costNanos, cost);
    assert.equal(end.basis, Basis.USAGE);
    assert.equal(relay.quota.posted(1n), 10_000_000_000n - cost);
    assert.match(response.headers.get("x-oneapi-request-id") ?? "", /^[0-9a-f-]{36}$/u);
  });
});

test("a stream passes byte for byte, its usage is asked for, tapped and withheld", async () => {
  const answers = [sse(chunk("Hel"), chunk("lo"), usageChunk, done)];
  await withRelay({ answers }, async (relay, [bodies]) => {
    const response = await post(relay, streamed);
    assert.equal(await response.text(), chunk("Hel") + chunk("lo") + done);
    assert.match(bodies?.[0] ?? "", /"include_usage":true/u);
    const end = await onlyEnd(relay);
    assert.equal(end.costNanos, cost);
    assert.equal(end.basis, Basis.USAGE);
    assert.equal(end.upstreamId, "chatcmpl-1");
  });
});

test("events that arrive byte by byte make the same stream and the same bill", async () => {
  const text = chunk("Hé") + chunk("llo") + usageChunk + done;
  const answer: MockAnswer = (_request, response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    const bytes = Buffer.from(text);
    let next = 0;
    const step = (): void => {
      if (next === bytes.length) {
        response.end();
        return;
      }
      response.write(bytes.subarray(next, next + 1), step);
      next += 1;
    };
    step();
  };
  await withRelay({ answers: [answer] }, async (relay) => {
    const response = await post(relay, streamed);
    assert.equal(await response.text(), chunk("Hé") + chunk("llo") + done);
    assert.equal((await onlyEnd(relay)).costNanos, cost);
  });
});

test("a stream without usage is billed by its content, four bytes a token", async () => {
  await withRelay({ answers: [sse(chunk("12345"), done)] }, async (relay) => {
    await (await post(relay, streamed)).text();
    const end = await onlyEnd(relay);
    assert.equal(end.basis, Basis.COUNTED);
    assert.equal(end.usage?.outputTokens, 2);
    assert.equal(end.usage?.inputTokens, Math.ceil(streamed.length / 4));
  });
});

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

test("a balance that is too low is refused before the upstream is asked, with both amounts", async () => {
  await withRelay({ answers: [answerChat], balanceNanos: 1000n }, async (relay, [bodies]) => {
    const response = await post(relay, whole);
    assert.equal(response.status, 403);
    const text = await response.text();
    assert.match(text, /insufficient_user_quota/u);
    assert.match(text, /0\.000001 USD can be spent/u);
    assert.equal(bodies?.length, 0);
    assert.equal(relay.quota.ended.size, 0);
  });
});

test("a revoked key is refused at once", async () => {
  await withRelay({ answers: [answerChat] }, async (relay) => {
    assert.equal((await post(relay, whole)).status, 200);
    relay.quota.revokeKey(1n);
    await until(() => relay.quota.counts.opened === 1);
    await new Promise((resolve) => {
      setImmediate(() => setImmediate(resolve));
    });
    assert.equal((await post(relay, whole)).status, 401);
    await relay.settled(1);
  });
});

test("a hundred calls at once are each billed once, and the balance is exact", async () => {
  await withRelay({ answers: [answerChat] }, async (relay) => {
    const responses = await Promise.all(
      Array.from({ length: 100 }, async () => (await post(relay, whole)).text()),
    );
    assert.ok(responses.every((text) => text === chatReply));
    await relay.settled(100);
    assert.equal(relay.quota.posted(1n), 10_000_000_000n - 100n * cost);
  });
});

test("bodies that cannot be read are refused in the caller's dialect", async () => {
  await withRelay({ answers: [answerChat] }, async (relay) => {
    const cases: readonly (readonly [string | Uint8Array, number, Record<string, string>])[] = [
      ["{", 400, {}],
      ["[]", 400, {}],
      [`${"[".repeat(200)}${"]".repeat(200)}`, 400, {}],
      [JSON.stringify({ model: "gpt-test" }), 400, {}],
      [new Uint8Array([1, 2, 3]), 400, { "content-encoding": "gzip" }],
      [JSON.stringify({ model: "gpt-test", messages, pad: "x".repeat(34_000_000) }), 413, {}],
    ];
    for (const [body, status, headers] of cases) {
      const response = await fetch(`${relay.url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: "Bearer sk-user1", ...headers },
        body,
      });
      assert.equal(response.status, status);
      assert.match(await response.text(), /request id/u);
    }
  });
});

test("paths, models and missing keys are answered as One API does", async () => {
  await withRelay({ answers: [answerChat] }, async (relay) => {
    const get = async (path: string, headers = {}): Promise<Response> =>
      fetch(relay.url + path, { headers });
    const key = { authorization: "Bearer sk-user1" };
    assert.equal((await get("/v1/models")).status, 401);
    assert.match(await (await get("/v1/models", key)).text(), /"id":"gpt-test"/u);
    assert.equal((await get("/v1/models/gpt-test", key)).status, 200);
    assert.equal((await get("/v1/models/no/such", key)).status, 404);
    assert.equal((await get("/v1/files", key)).status, 501);
    assert.equal((await get("/v1/nothing", key)).status, 404);
    assert.equal((await get("/healthz")).status, 200);
    assert.equal((await get("/readyz")).status, 200);
    const unknown = await post(relay, JSON.stringify({ model: "no-such-model", messages }));
    assert.equal(unknown.status, 503);
  });
});

test("an Anthropic client reaches an OpenAI channel, whole and streamed", async () => {
  const answer: MockAnswer = (request, response, body) =>
    (body.includes('"stream":true')
      ? sse(chunk("Hello"), finishChunk, usageChunk, done)
      : answerChat)(request, response, body);
  await withRelay({ answers: [answer] }, async (relay) => {
    const ask = async (stream: boolean): Promise<Response> =>
      fetch(`${relay.url}/v1/messages`, {
        method: "POST",
        headers: { "x-api-key": "sk-user1", "anthropic-version": "2023-06-01" },
        body: JSON.stringify({ model: "gpt-test", max_tokens: 50, messages, stream }),
      });
    assert.match(await (await ask(false)).text(), /"text":"Hello!"/u);
    const text = await (await ask(true)).text();
    assert.match(text, /event: message_start/u);
    assert.match(text, /event: message_stop/u);
    await relay.settled(2);
    for (const end of relay.quota.ended.values()) {
      assert.equal(end.costNanos, cost);
    }
  });
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

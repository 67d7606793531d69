import assert from "node:assert/strict";
import { test } from "node:test";
import { Basis } from "@tollgate/proto/type/v1/usage";
import type { MockAnswer } from "./support/mock-upstream.ts";
import {
  answerChat,
  chatReply,
  chunk,
  done,
  finishChunk,
  usageChunk,
} from "./support/mock-upstream.ts";
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

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { aChannel } from "./support/fake-registry.ts";
import type { MockAnswer } from "./support/mock-upstream.ts";
import { answerChat, startMockUpstream } from "./support/mock-upstream.ts";
import { startRelay } from "./support/start-relay.ts";
import { post, withRelay } from "./support/with-relay.ts";

const whole = JSON.stringify({ model: "gpt-test", messages: [{ role: "user", content: "Hi" }] });
const withKey = (key: string): RequestInit => ({ headers: { "idempotency-key": key } });

test("a second call with the same key is refused and told the first one's id, while that runs and afterwards", async () => {
  const release = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const answer: MockAnswer = (request, response, body) => {
    asked.resolve();
    void release.promise.then(() => answerChat(request, response, body));
  };
  await withRelay({ answers: [answer] }, async (relay, [bodies]) => {
    const first = post(relay, whole, withKey("order-1"));
    await asked.promise;
    const during = await post(relay, whole, withKey("order-1"));
    assert.equal(during.status, 409);
    assert.match(await during.text(), /"code":"idempotency_key_in_use"/u);
    release.resolve();
    const id = (await first).headers.get("x-oneapi-request-id") ?? "";
    assert.equal(during.headers.get("x-first-request-id"), id);
    const after = await post(relay, whole, withKey("order-1"));
    assert.equal(after.status, 409);
    assert.equal(after.headers.get("x-first-request-id"), id);
    const text = await after.text();
    assert.match(text, /"code":"idempotency_key_reused"/u);
    assert.ok(text.includes(id));
    assert.equal((await post(relay, whole, withKey("order-2"))).status, 200);
    assert.equal((await post(relay, whole)).status, 200);
    await relay.settled(3);
    assert.equal(bodies?.length, 3);
  });
});

test("the key belongs to one API key", async () => {
  await withRelay({ answers: [answerChat] }, async (relay) => {
    relay.quota.deposit(2n, 1_000_000_000n);
    assert.equal((await post(relay, whole, withKey("same"))).status, 200);
    const headers = { "idempotency-key": "same", authorization: "Bearer sk-user2" };
    assert.equal((await post(relay, whole, { headers })).status, 200);
    await relay.settled(2);
  });
});

test("a first call that failed without a bill frees its key, and so does one that was never made", async () => {
  let isBroken = true;
  const answer: MockAnswer = (request, response, body) => {
    if (isBroken) {
      response.writeHead(500).end("{}");
    } else {
      answerChat(request, response, body);
    }
  };
  await withRelay({ answers: [answer] }, async (relay) => {
    assert.equal((await post(relay, whole, withKey("again"))).status, 502);
    const unknown = whole.replace("gpt-test", "no-such-model");
    assert.equal((await post(relay, unknown, withKey("again"))).status, 503);
    isBroken = false;
    assert.equal((await post(relay, whole, withKey("again"))).status, 200);
    assert.equal((await post(relay, whole, withKey("again"))).status, 409);
    await relay.settled(2);
  });
});

test("keys that are too long or empty are refused", async () => {
  await withRelay({ answers: [answerChat] }, async (relay) => {
    assert.equal((await post(relay, whole, withKey("k".repeat(256)))).status, 400);
    assert.equal((await post(relay, whole, withKey(""))).status, 400);
    assert.equal((await post(relay, whole, withKey("k".repeat(255)))).status, 200);
    await relay.settled(1);
  });
});

test("a key that was used before a restart is known after it, and one whose call failed is free", async () => {
  let status = 200;
  const upstream = await startMockUpstream((request, response, body) => {
    if (status === 200) {
      answerChat(request, response, body);
    } else {
      response.writeHead(status).end("{}");
    }
  });
  const folder = await mkdtemp(join(tmpdir(), "relay-test-"));
  const channels = [aChannel(1, upstream.url)];
  const before = await startRelay({ channels, folder });
  const first = await post(before, whole, withKey("kept"));
  assert.equal(first.status, 200);
  await first.text();
  status = 500;
  assert.equal((await post(before, whole, withKey("free"))).status, 502);
  status = 200;
  await before.settled(2);
  await before.close();
  const after = await startRelay({ channels, folder, quota: before.quota });
  try {
    const second = await post(after, whole, withKey("kept"));
    assert.equal(second.status, 409);
    assert.equal(
      second.headers.get("x-first-request-id"),
      first.headers.get("x-oneapi-request-id"),
    );
    assert.equal((await post(after, whole, withKey("free"))).status, 200);
    await after.settled(3);
  } finally {
    await after.close();
    await upstream.close();
    await rm(folder, { recursive: true, force: true });
  }
});

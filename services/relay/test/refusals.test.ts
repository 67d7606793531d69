/** Calls that no upstream is asked for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { answerChat } from "./support/mock-upstream.ts";
import { until } from "./support/start-relay.ts";
import { post, withRelay } from "./support/with-relay.ts";

const messages = [{ role: "user", content: "Hi" }];
const whole = JSON.stringify({ model: "gpt-test", messages });

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

/** What is billed when an upstream does not say what it took, or says what cannot be. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Basis } from "@tollgate/proto/type/v1/usage";
import { chunk, done, finishChunk, slowly, usageChunk } from "./support/mock-upstream.ts";
import { onlyEnd, post, sse, withRelay } from "./support/with-relay.ts";

const messages = [{ role: "user", content: "Hi" }];
const streamed = JSON.stringify({ model: "gpt-test", messages, stream: true });

test("a stream without usage is billed by its content, four bytes a token", async () => {
  await withRelay({ answers: [sse(chunk("12345"), done)] }, async (relay) => {
    await (await post(relay, streamed)).text();
    const end = await onlyEnd(relay);
    assert.equal(end.basis, Basis.COUNTED);
    assert.equal(end.usage?.outputTokens, 2);
    assert.equal(end.usage?.inputTokens, Math.ceil(streamed.length / 4));
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

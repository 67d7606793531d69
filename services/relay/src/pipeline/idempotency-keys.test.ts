import assert from "node:assert/strict";
import { test } from "node:test";
import { isFault } from "@tollgate/kit/fault/fault";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import { createIdempotencyKeys } from "#pipeline/idempotency-keys.ts";

function setUp() {
  const clock = createFakeClock();
  const keys = createIdempotencyKeys({ clock, countMax: 2, keptMs: 1000, waitMs: 500 });
  const claim = async (key: string) => keys.claim({ keyId: 1, key, requestId: `first of ${key}` });
  return { clock, keys, claim };
}

const hasReason = (reason: string) => (error: unknown) => isFault(error) && error.reason === reason;

test("a key is forgotten after its time, and the one that was not used for longest when there are too many", async () => {
  const { clock, keys, claim } = setUp();
  keys.markRestored();
  (await claim("a")).end(true);
  await clock.advance(1000);
  await assert.rejects(claim("a"), hasReason("IDEMPOTENCY_KEY_REUSED"));
  await clock.advance(1);
  (await claim("a")).end(true);
  (await claim("b")).end(true);
  await assert.rejects(claim("a"), hasReason("IDEMPOTENCY_KEY_REUSED"));
  (await claim("c")).end(true);
  await assert.rejects(claim("a"), hasReason("IDEMPOTENCY_KEY_REUSED"));
  (await claim("b")).end(true);
});

test("a call that ended twice counts as it ended first", async () => {
  const { keys, claim } = setUp();
  keys.markRestored();
  const first = await claim("a");
  first.end(true);
  first.end(false);
  await assert.rejects(claim("a"), hasReason("IDEMPOTENCY_KEY_REUSED"));
});

test("until earlier calls are known a key is neither free nor used: its call waits, and not for ever", async () => {
  const { clock, keys, claim } = setUp();
  const early = claim("a");
  const refused = assert.rejects(early, hasReason("NOT_READY"));
  await clock.advance(500);
  await refused;
  const waiting = claim("b");
  const { hash } = await (async () => {
    const other = setUp();
    other.keys.markRestored();
    return other.claim("b");
  })();
  keys.restore({ hash, requestId: "before", startedAtMs: clock.nowMs() - 10 });
  keys.markRestored();
  await assert.rejects(waiting, hasReason("IDEMPOTENCY_KEY_REUSED"));
  assert.equal(clock.pendingTimers(), 0);
});

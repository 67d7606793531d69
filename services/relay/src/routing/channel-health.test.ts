import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import { createChannelHealth } from "#routing/channel-health.ts";

const fault = (more: Partial<UpstreamFault> = {}): UpstreamFault => ({
  kind: "transient",
  status: 500,
  reason: "SERVER_ERROR",
  message: "no",
  ...more,
});

test("a channel cools down longer with every failure in a row, up to a minute, and success ends it", async () => {
  const clock = createFakeClock();
  const health = createChannelHealth(clock);
  for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
    health.failed(1, fault());
    await clock.advance(seconds * 1000 - 1);
    assert.equal(health.isCooling(1), true, `${seconds} s`);
    await clock.advance(1);
    assert.equal(health.isCooling(1), false, `${seconds} s`);
  }
  health.failed(1, fault());
  health.succeeded(1);
  assert.equal(health.isCooling(1), false);
});

test("an upstream's Retry-After is obeyed, up to ten minutes", async () => {
  const clock = createFakeClock();
  const health = createChannelHealth(clock);
  health.failed(1, fault({ kind: "rate-limit", status: 429, retryAfterMs: 3000 }));
  await clock.advance(2999);
  assert.equal(health.isCooling(1), true);
  await clock.advance(1);
  assert.equal(health.isCooling(1), false);
  health.failed(2, fault({ kind: "rate-limit", retryAfterMs: 86_400_000 }));
  await clock.advance(600_000);
  assert.equal(health.isCooling(2), false);
});

test("a dead credential cools for five minutes, a caller's mistake not at all", async () => {
  const clock = createFakeClock();
  const health = createChannelHealth(clock);
  health.failed(1, fault({ kind: "credential", status: 401 }));
  health.failed(2, fault({ kind: "caller", status: 400 }));
  assert.deepEqual([health.isCooling(1), health.isCooling(2)], [true, false]);
  await clock.advance(300_000);
  assert.equal(health.isCooling(1), false);
});

test("outcomes are told once", () => {
  const health = createChannelHealth(createFakeClock());
  health.succeeded(1);
  health.failed(1, fault());
  health.charged(1, 500n);
  const [outcome] = health.takeOutcomes();
  assert.deepEqual(
    [outcome?.requests, outcome?.successes, outcome?.chargedNanos, outcome?.lastFailure],
    [2, 1, 500n, "transient"],
  );
  assert.deepEqual(health.takeOutcomes(), []);
});

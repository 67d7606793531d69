import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_USAGE } from "#conversation/token-usage.ts";
import { createUsageWatch, isPlausible } from "#pipeline/usage-watch.ts";

test("usage that cannot be is quarantined: told once for a channel, counted each time", () => {
  const told: unknown[] = [];
  const watch = createUsageWatch({ warn: (facts: unknown) => told.push(facts) });
  const good = { ...NO_USAGE, inputTokens: 7 };
  const bad = { ...NO_USAGE, outputTokens: -1 };
  assert.equal(watch.accept(1, good), good);
  assert.equal(watch.accept(1, undefined), undefined);
  assert.equal(watch.accept(1, bad), undefined);
  assert.equal(watch.accept(1, bad), undefined);
  assert.equal(watch.accept(2, bad), undefined);
  assert.equal(told.length, 2);
  assert.deepEqual(
    [...watch.quarantined()],
    [
      [1, 2],
      [2, 1],
    ],
  );
});

test("no model reads or writes more than sixteen million tokens in a call", () => {
  const million = 1024 * 1024;
  assert.equal(isPlausible({ ...NO_USAGE, inputTokens: 16 * million }), true);
  assert.equal(isPlausible({ ...NO_USAGE, inputTokens: 16 * million, cacheReadTokens: 1 }), false);
  assert.equal(isPlausible({ ...NO_USAGE, reasoningTokens: 17 * million }), false);
  assert.equal(isPlausible({ ...NO_USAGE, inputTokens: Number.NaN }), false);
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createMetrics } from "@tollgate/kit/metrics/metrics";
import { bases } from "#domain/usage.ts";
import { observeChecks, observeSettlements } from "./observe-quota.ts";
import { aCall, aRelay, ended, openMoneyFixture } from "./testing/money-fixture.ts";
import type { MoneyFixture } from "./testing/money-fixture.ts";

let fixture: MoneyFixture;

before(async () => {
  fixture = await openMoneyFixture();
});

after(async () => {
  await fixture.close();
});

test("settled calls, their cost and what is odd about them are counted", async () => {
  const metrics = createMetrics();
  const stop = observeSettlements(metrics, fixture.money.settled);
  const userId = await fixture.addUser(10n ** 10n);
  const relay = aRelay(fixture);
  await relay.hello();
  const plain = aCall({ userId, leaseNo: 0 });
  await relay.ship(0, [
    ended(plain),
    ended(aCall({ userId, leaseNo: 0, basis: bases.counted })),
    ended(aCall({ userId, leaseNo: 77 })),
  ]);
  stop();
  const { text } = await metrics.render();
  assert.match(text, /^tollgate_settled_calls_total\{basis="usage"\} 2$/mu);
  assert.match(text, /^tollgate_settled_calls_total\{basis="counted"\} 1$/mu);
  assert.match(text, /^tollgate_settled_usd_total 0\.0021$/mu);
  assert.match(text, /^tollgate_settled_odd_calls_total\{kind="late"\} 1$/mu);
});

test("what a check of the books finds can be alarmed on", async () => {
  const metrics = createMetrics();
  const runCheck = observeChecks(metrics, async (check) =>
    Promise.resolve({
      check,
      atMs: 5000,
      tookMs: 1,
      checked: 3,
      violationCount: 2,
      violations: ["one", "two"],
      isComplete: true,
    }),
  );
  await runCheck("held");
  const { text } = await metrics.render();
  assert.match(text, /^tollgate_check_violations\{check="held"\} 2$/mu);
  assert.match(text, /^tollgate_check_ran_at_seconds\{check="held"\} 5$/mu);
});

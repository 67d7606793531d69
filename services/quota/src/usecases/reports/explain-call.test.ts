import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { isQuotaFault } from "#domain/faults.ts";
import { bases, noUsage } from "#domain/usage.ts";
import { createSettledBatchStore } from "#store/sql/settled-batch-store.ts";
import { openReportFixture } from "../../testing/report-fixture.ts";
import type { ReportFixture } from "../../testing/report-fixture.ts";
import type { CallExplanation } from "./explain-call.ts";

let fixture: ReportFixture;

before(async () => {
  fixture = await openReportFixture();
});

after(async () => {
  await fixture.close();
});

const explain = async (requestId: Uint8Array, userId?: number): Promise<CallExplanation> =>
  fixture.reports.explainCall({ requestId, userId });

test("the prices of the pinned version, its tier and both multipliers give the row's amount", async () => {
  const userId = await fixture.addUser(10n ** 12n);
  const version = await fixture.publish({
    ModelPrice:
      '{"gpt-4o": {"input": 1.1, "output": 3, "tiers": [{"above": "1000", "input": 2.2, "output": 6.6}]}}',
    GroupRatio: '{"vip": 0.333333}',
    UserRatio: `{"${userId}": 0.9}`,
  });
  const usage = { ...noUsage, inputTokens: 1001, outputTokens: 7 };
  const call = { userId, group: "vip", priceVersion: version, usage };
  const [requestId = new Uint8Array()] = await fixture.settle(call);
  // A later price must not matter.
  await fixture.publish({ ModelPrice: '{"gpt-4o": {"input": 99, "output": 99}}' });
  const { call: row, price, settledAtMs } = await explain(requestId, userId);
  assert.equal(price.kind, "known");
  assert.ok(price.kind === "known");
  const { computation } = price;
  assert.equal(computation.tierAbovePromptTokens, 1000);
  assert.deepEqual(
    computation.lines.map(({ part, units, picoUsdPerUnit }) => [part, units, picoUsdPerUnit]),
    [
      ["input", 1001, 2_200_000n],
      ["output", 7, 6_600_000n],
    ],
  );
  assert.deepEqual([price.groupPpm, price.userPpm], [333_333n, 900_000n]);
  // (1001 x 2.2 + 7 x 6.6) x 1000 nanos x 0.333333 x 0.9
  assert.equal(computation.exactNanos, "674519.32548");
  assert.equal(computation.roundingNanos, "0.67452");
  assert.equal(computation.amountNanos, 674_520n);
  assert.equal(row.costNanos, computation.amountNanos);
  assert.equal(price.effectiveAtMs, fixture.clock.nowMs());
  assert.equal(settledAtMs, fixture.clock.nowMs());
});

test("somebody else's call, a missing one and one that is not settled are not found", async () => {
  const userId = await fixture.addUser(10n ** 9n);
  const otherId = await fixture.addUser(10n ** 9n);
  const [requestId = new Uint8Array()] = await fixture.settle({ userId });
  const isMissing = (error: unknown): boolean => isQuotaFault("CALL_NOT_FOUND", error);
  await assert.rejects(explain(requestId, otherId), isMissing);
  await assert.rejects(explain(uuidV7Bytes()), isMissing);
  assert.equal((await explain(requestId)).call.userId, userId);
});

test("tries, what they cost us, refunds and the leases around the call are told", async () => {
  const userId = await fixture.addUser(10n ** 9n);
  await fixture.relay.acquire(userId, { want: 5_000_000n, needMin: 1n });
  const attempts = [
    { channelId: 8, status: 500, reason: "UPSTREAM_FAILED", elapsedMs: 11 },
    { channelId: 3, status: 200, reason: "", elapsedMs: 22 },
  ];
  const [requestId = new Uint8Array()] = await fixture.settle({ userId, leaseNo: 1, attempts });
  for (const amount of [1n, 2n]) {
    await fixture.payments.refundCall({
      requestId,
      amountNanos: nanoUsd(amount),
      reason: `reason ${amount}`,
      actorId: 1,
      actorName: "root",
      idempotencyKey: `explained ${amount}`,
    });
  }
  const told = await explain(requestId);
  assert.deepEqual(
    told.call.attempts.map((tried) => [tried.channelId, tried.reason, tried.upstreamCostNanos]),
    [
      [8, "UPSTREAM_FAILED", 0n],
      [3, "", 700_000n],
    ],
  );
  assert.deepEqual(
    told.refunds.map(({ seq, amountNanos, reason }) => [seq, amountNanos, reason]),
    [
      [1, 1n, "reason 1"],
      [2, 2n, "reason 2"],
    ],
  );
  assert.deepEqual(
    told.leases.map(({ leaseNo, isActive, settledNanos }) => [leaseNo, isActive, settledNanos]),
    [[1, true, 700_000n]],
  );
});

test("the lease that paid is told with what was reserved of it, what is left, and what went beyond it", async () => {
  const userId = await fixture.addUser(10n ** 9n);
  await fixture.relay.acquire(userId, { leaseNo: 41, want: 1_000_000n, needMin: 1n });
  await fixture.relay.acquire(userId, { leaseNo: 42, want: 1_000_000n, needMin: 1n });
  const [within = new Uint8Array(), beyond = new Uint8Array()] = await fixture.settle(
    { userId, leaseNo: 42, holdNanos: nanoUsd(800_000n) },
    { userId, leaseNo: 42, holdNanos: nanoUsd(300_000n) },
  );
  const paid = (await explain(within)).payingLease;
  assert.deepEqual(
    [paid?.journalId, paid?.epoch, paid?.leaseNo],
    [Buffer.from(fixture.relay.journalId), 1, 42],
  );
  assert.deepEqual(
    [paid?.holdNanos, paid?.beyondNanos, paid?.remainderNanos, paid?.lease?.settledNanos],
    [800_000n, 0n, 0n, 1_400_000n],
  );
  const more = (await explain(beyond)).payingLease;
  assert.deepEqual([more?.holdNanos, more?.beyondNanos], [300_000n, 400_000n]);
  const [other = new Uint8Array()] = await fixture.settle({ userId, leaseNo: 41 });
  assert.equal((await explain(other)).payingLease?.remainderNanos, 300_000n);
});

test("a lease that is no longer kept keeps its name; a call without one says nothing of it", async () => {
  const userId = await fixture.addUser(10n ** 9n);
  const [requestId = new Uint8Array(), free = new Uint8Array()] = await fixture.settle(
    { userId, leaseNo: 91 },
    { userId, leaseNo: 0 },
  );
  const { payingLease } = await explain(requestId);
  assert.deepEqual(
    [payingLease?.leaseNo, payingLease?.lease, payingLease?.beyondNanos],
    [91, undefined, 700_000n],
  );
  assert.equal((await explain(free)).payingLease, undefined);
  await createSettledBatchStore(fixture.database).removeBefore(fixture.clock.nowMs() + 1, 1000);
  assert.equal((await explain(requestId)).payingLease?.journalId, undefined);
});

test("a call that failed is explained as free, with the meaning of its basis", async () => {
  const userId = await fixture.addUser(10n ** 9n);
  const [requestId = new Uint8Array()] = await fixture.settle({ userId, basis: bases.failed });
  const { call, price, basisMeaning } = await explain(requestId);
  assert.equal(call.costNanos, 0n);
  assert.ok(price.kind === "known");
  assert.deepEqual([price.computation.isFree, price.computation.amountNanos], [true, 0n]);
  assert.match(basisMeaning, /costs nothing/u);
});

test("a version that is gone and a model that it has no price for are said, not guessed", async () => {
  const userId = await fixture.addUser(10n ** 9n);
  const version = await fixture.publish({ UnknownModelPolicy: "refuse" });
  const [gone = new Uint8Array(), unpriced = new Uint8Array()] = await fixture.settle(
    { userId, priceVersion: 999 },
    { userId, priceVersion: version, pricedModel: "nobody-knows", costNanos: nanoUsd(5n) },
  );
  assert.deepEqual((await explain(gone)).price, { kind: "version-gone" });
  const told = await explain(unpriced);
  assert.equal(told.price.kind, "unpriced");
  assert.deepEqual([told.call.costNanos, told.call.isCostCorrected], [5n, true]);
});

test("what is flagged is told: late, corrected, outdated", async () => {
  const userId = await fixture.addUser(10n ** 9n);
  const [requestId = new Uint8Array()] = await fixture.settle({
    userId,
    leaseNo: 77,
    costNanos: nanoUsd(1n),
  });
  const { call } = await explain(requestId);
  assert.deepEqual([call.isLate, call.isCostCorrected, call.costNanos], [true, true, 700_000n]);
});

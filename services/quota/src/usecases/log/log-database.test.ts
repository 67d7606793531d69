/** Calls that have left the main database for the log database: refunded, explained and summed as if they had not. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { isQuotaFault } from "#domain/faults.ts";
import type { LogFilter, LogSum } from "#domain/log-entry.ts";
import { createLogCopier } from "#store/sql/log-copier.ts";
import { createLogReader } from "#store/sql/log-store.ts";
import type { RefundOrder } from "#usecases/wallets/refund-call.ts";
import { createReports } from "../../reports.ts";
import { callCostNanos } from "../../testing/money-fixture.ts";
import { openTestDatabase, silentLogger } from "../../testing/open-test-database.ts";
import type { TestDatabase } from "../../testing/open-test-database.ts";
import { aStillClock, openReportFixture } from "../../testing/report-fixture.ts";
import type { ReportFixture } from "../../testing/report-fixture.ts";
import { keepLog } from "./keep-log.ts";

const dayMs = 86_400_000;
const keptDays = 5;

let fixture: ReportFixture;
let archives: { readonly sqlite: TestDatabase; readonly same: TestDatabase };

beforeEach(async () => {
  fixture = await openReportFixture(aStillClock(Date.UTC(2026, 10, 22, 12)));
  // Of another engine than the main one, unless that is SQLite, and of the same.
  archives = { sqlite: await openTestDatabase(""), same: await openTestDatabase() };
});

afterEach(async () => {
  await fixture.close();
  await archives.sqlite.close();
  await archives.same.close();
});

const refundOf = (requestId: Uint8Array, fields: Partial<RefundOrder> = {}): RefundOrder => ({
  requestId,
  amountNanos: undefined,
  reason: "it failed",
  actorId: 1,
  actorName: "root",
  idempotencyKey: `refund ${Math.random()}`,
  ...fields,
});

/** Lets old calls go to each log database; only the last round removes them from the main one. */
async function keepIn(archive: TestDatabase): Promise<void> {
  const { database, clock, money } = fixture;
  await keepLog({
    logKeeping: money.logKeeping,
    logCopier: createLogCopier({ main: database, log: archive.database }),
    clock,
    logger: silentLogger,
    logRetentionDays: keptDays,
  });
}

async function rowsOf(requestId: Uint8Array = new Uint8Array()): Promise<number> {
  const sql = "select request_id from usage_log where request_id = ?";
  return (await fixture.database.query(sql, [requestId])).length;
}

for (const name of ["sqlite", "same"] as const) {
  const engine = name === "sqlite" ? "SQLite" : "the engine of the main database";

  test(`a call that has moved is refunded up to its cost, with the log on ${engine}`, async () => {
    const archive = archives[name];
    const userId = await fixture.addUser(10n ** 9n);
    const keyId = await fixture.addKey(userId, 10n ** 9n);
    const [requestId = new Uint8Array()] = await fixture.settle({ userId, keyId });
    await fixture.payments.refundCall(refundOf(requestId, { amountNanos: nanoUsd(100_000n) }));
    await fixture.clock.advance((keptDays + 1) * dayMs);
    await keepIn(archive);
    assert.equal(await rowsOf(requestId), 0);
    await assert.rejects(fixture.payments.refundCall(refundOf(requestId)), (error) =>
      isQuotaFault("CALL_NOT_FOUND", error),
    );

    const payments = fixture.paymentsOver(archive.database);
    assert.deepEqual(await payments.readCharge(requestId), {
      userId,
      costNanos: callCostNanos,
      refundedNanos: 100_000n,
    });
    const tooMuch = refundOf(requestId, { amountNanos: nanoUsd(600_001n) });
    await assert.rejects(payments.refundCall(tooMuch), (error) =>
      isQuotaFault("REFUND_EXCEEDS_CHARGE", error),
    );
    // Sixteen clients want a quarter of what is left.
    const amountNanos = nanoUsd(150_000n);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 16 }, async () =>
        payments.refundCall(refundOf(requestId, { amountNanos })),
      ),
    );
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 4);
    const rows = await fixture.database.query<{ refund_seq: number }>(
      "select refund_seq from refunds where request_id = ? order by refund_seq",
      [requestId],
    );
    assert.deepEqual(
      rows.map((row) => row.refund_seq),
      [1, 2, 3, 4, 5],
    );
    assert.equal((await fixture.wallet(userId)).postedNanos, 10n ** 9n);
    assert.equal((await fixture.cap(keyId)).capNanos, 10n ** 9n + callCostNanos);
    assert.deepEqual(await fixture.violations(), []);
  });

  test(`a refund of a moved call that is repeated gives back once, with the log on ${engine}`, async () => {
    const archive = archives[name];
    const userId = await fixture.addUser(10n ** 9n);
    const [requestId = new Uint8Array()] = await fixture.settle({ userId });
    const order = refundOf(requestId);
    await fixture.clock.advance((keptDays + 1) * dayMs);
    await keepIn(archive);
    const { refundCall } = fixture.paymentsOver(archive.database);
    assert.equal((await refundCall(order)).isApplied, true);
    assert.equal((await refundCall(order)).isApplied, false);
    assert.equal((await fixture.wallet(userId)).postedNanos, 10n ** 9n);
  });

  test(`calls that have moved are explained and summed as before, with the log on ${engine}`, async () => {
    const archive = archives[name];
    const { database, clock, money } = fixture;
    const userId = await fixture.addUser(10n ** 9n);
    const keyId = await fixture.addKey(userId);
    const attempts = [
      { channelId: 8, status: 500, reason: "UPSTREAM_FAILED", elapsedMs: 11 },
      { channelId: 3, status: 200, reason: "", elapsedMs: 22 },
    ];
    const ids: Uint8Array[] = [];
    for (let day = 0; day < 2 * keptDays; day += 1) {
      const failed = day % 2 === 0 ? {} : { errorReason: "UPSTREAM_FAILED", status: 502 };
      ids.push(
        ...(await fixture.settle(
          { userId, keyId, group: "vip", attempts },
          { userId, ...failed, requestId: uuidV7Bytes(clock.nowMs() - dayMs / 2) },
        )),
      );
      await clock.advance(dayMs);
    }
    const keyName = `key${keyId}`;
    const fromSeconds = Math.floor((clock.nowMs() - 8 * dayMs) / 1000);
    const toSeconds = fromSeconds + (5 * dayMs) / 1000;
    const filters: readonly LogFilter[] = [
      { keyName },
      { group: "vip" },
      { isFailed: true },
      { isFailed: false, userId },
      { username: `user${userId}`, isFailed: true },
      { keyName, fromSeconds, toSeconds },
      { group: "default", fromSeconds, toSeconds },
      { isFailed: true, fromSeconds },
      { fromSeconds, toSeconds },
      ...ids.map((requestId) => ({ requestId })),
    ];
    const read = async (over: { readonly archive?: TestDatabase["database"] }) => {
      const log = createLogReader({ database, ...over }, clock);
      const { books } = money;
      const { explainCall } = createReports({
        database,
        ...over,
        clock,
        logger: silentLogger,
        books,
      });
      const sums: LogSum[] = [];
      for (const filter of filters) {
        sums.push(await log.sum(filter));
      }
      const explained = await Promise.all(
        ids.map(async (requestId) => explainCall({ requestId, userId })),
      );
      return { sums, explained };
    };
    const before = await read({});
    assert.equal(before.sums[0]?.requests, 2 * keptDays);
    assert.equal(before.sums[2]?.requests, keptDays);
    await keepIn(archive);
    assert.equal(await rowsOf(ids[0]), 0);
    assert.deepEqual(await read({ archive: archive.database }), before);
  });
}

test("a copy of a call that the main database does not have and has not dropped is not refunded", async () => {
  const { sqlite: archive } = archives;
  const userId = await fixture.addUser(10n ** 9n);
  const [requestId = new Uint8Array()] = await fixture.settle({ userId });
  await fixture.clock.advance(dayMs);
  await keepIn(archive);
  // As after a restore of the main database from before the call: its relay will send it again.
  await fixture.database.execute("delete from usage_log where request_id = ?", [requestId]);
  const { refundCall } = fixture.paymentsOver(archive.database);
  await assert.rejects(refundCall(refundOf(requestId)), (error) =>
    isQuotaFault("CALL_NOT_FOUND", error),
  );
});

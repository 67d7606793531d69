/** Random months of random users: whatever is settled, given and given back across their borders, statements add up to the nano. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { createSeededRandom } from "@tollgate/kit/testing/seeded-random";
import { isQuotaFault } from "#domain/faults.ts";
import type { Statement } from "#domain/statement.ts";
import { noUsage } from "#domain/usage.ts";
import { aStillClock, openReportFixture } from "../../testing/report-fixture.ts";
import type { ReportFixture } from "../../testing/report-fixture.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const months = [
  [2026, 10],
  [2026, 11],
  [2026, 12],
  [2027, 1],
] as const;

interface PostedCall {
  readonly userId: number;
  readonly model: string;
  readonly startedAtMs: number;
  readonly settledAtMs: number;
  readonly costNanos: bigint;
}

interface History {
  readonly calls: readonly PostedCall[];
  /** What came and went besides calls. */
  readonly moved: readonly { userId: number; atMs: number; kind: string; amountNanos: bigint }[];
}

async function live(
  fixture: ReportFixture,
  userIds: readonly number[],
  seed: number,
): Promise<History> {
  const random = createSeededRandom(seed);
  const calls: PostedCall[] = [];
  const moved: History["moved"][number][] = [];
  const ids: Uint8Array[] = [];
  const { clock } = fixture;
  const endMs = Date.UTC(2027, 0, 20);
  for (let step = 0; clock.nowMs() < endMs; step += 1) {
    await clock.advance(random.integer(1, 20 * hourMs));
    const atMs = clock.nowMs();
    const batch = Array.from({ length: random.integer(1, 5) }, () => {
      const userId = random.pick(userIds);
      const startedAtMs = atMs - random.integer(0, 40 * hourMs);
      const inputTokens = random.integer(0, 999);
      const model = random.pick(["a", "b", "c"]);
      calls.push({
        userId,
        model,
        startedAtMs,
        settledAtMs: atMs,
        costNanos: BigInt(inputTokens) * 2500n,
      });
      const usage = { ...noUsage, inputTokens };
      return { userId, model, usage, requestId: uuidV7Bytes(startedAtMs) };
    });
    ids.push(...(await fixture.settle(...batch)));
    if (random.integer(0, 2) === 0) {
      const userId = random.pick(userIds);
      const kind = random.pick(["top-up", "gift", "correction", "promotion"] as const);
      const amountNanos = nanoUsd(BigInt(random.integer(1, 10 ** 9)));
      const requestId = `step-${step}`;
      await fixture.useCases.adjustWallet({
        requestId,
        userId,
        amountNanos,
        kind,
        remark: "",
        actorId: 0,
      });
      moved.push({ userId, atMs, kind, amountNanos });
    }
    const back = random.integer(0, calls.length - 1);
    const call = calls[back];
    const requestId = ids[back];
    if (
      random.integer(0, 3) === 0 &&
      call !== undefined &&
      requestId !== undefined &&
      call.costNanos > 0n
    ) {
      ids[back] = uuidV7Bytes();
      const refund = {
        requestId,
        amountNanos: undefined,
        reason: "test",
        actorId: 1,
        actorName: "root",
      };
      const isNew = await fixture.payments
        .refundCall({ ...refund, idempotencyKey: `refund-${step}` })
        .then(({ isApplied }) => isApplied)
        .catch((error: unknown) => {
          // The call was given back before.
          if (!isQuotaFault("CALL_NOT_FOUND", error)) {
            throw error;
          }
          return false;
        });
      if (isNew) {
        moved.push({ userId: call.userId, atMs, kind: "refund", amountNanos: call.costNanos });
      }
    }
  }
  return { calls, moved };
}

const sum = (amounts: readonly bigint[]): bigint =>
  amounts.reduce((total, amount) => total + amount, 0n);

function checkMonth(statement: Statement, history: History, userId: number): void {
  const { fromMs, toMs } = statement;
  const isIn = (atMs: number): boolean => atMs >= fromMs && atMs < toMs;
  const calls = history.calls.filter((call) => call.userId === userId);
  const costs = (isMeant: (call: PostedCall) => boolean): bigint =>
    sum(calls.filter(isMeant).map(({ costNanos }) => costNanos));
  assert.equal(
    statement.chargedNanos,
    costs(({ settledAtMs }) => isIn(settledAtMs)),
  );
  assert.equal(
    statement.carriedInNanos,
    costs((call) => call.startedAtMs < fromMs && call.settledAtMs >= fromMs),
  );
  assert.equal(
    statement.carriedOutNanos,
    costs((call) => call.startedAtMs < toMs && call.settledAtMs >= toMs),
  );
  const started = calls.filter(({ startedAtMs }) => isIn(startedAtMs));
  for (const { daySeconds, model, calls: count, costNanos } of statement.charges) {
    const same = started.filter(
      (call) =>
        call.model === model && Math.floor(call.startedAtMs / dayMs) * dayMs === daySeconds * 1000,
    );
    assert.equal(count, same.length);
    assert.equal(costNanos, sum(same.map((call) => call.costNanos)));
  }
  const charges = sum(statement.charges.map(({ costNanos }) => costNanos));
  assert.equal(charges, sum(started.map(({ costNanos }) => costNanos)));
  assert.equal(
    charges + statement.carriedInNanos - statement.carriedOutNanos,
    statement.chargedNanos,
  );
  const moved = history.moved.filter(
    (movement) => movement.userId === userId && isIn(movement.atMs),
  );
  for (const { kind, entries, amountNanos } of statement.movements) {
    const same = moved.filter((movement) => movement.kind === kind);
    assert.deepEqual(
      [entries, amountNanos],
      [same.length, sum(same.map((one) => one.amountNanos))],
    );
  }
  const movements = sum(statement.movements.map(({ amountNanos }) => amountNanos));
  assert.equal(movements, sum(moved.map(({ amountNanos }) => amountNanos)));
  assert.equal(statement.closingNanos - statement.openingNanos, movements - statement.chargedNanos);
}

test("closing - opening is the sum of the lines, and charges are the ledger's, over months of random life", async () => {
  const fixture = await openReportFixture(aStillClock(Date.UTC(2026, 9, 5)));
  const userIds = [await fixture.addUser(0n), await fixture.addUser(0n)];
  const history = await live(fixture, userIds, 20_261_122);
  assert.ok(history.calls.length > 200 && history.moved.some(({ kind }) => kind === "refund"));
  for (const userId of userIds) {
    let closing = 0n;
    for (const [year, month] of months) {
      const statement = await fixture.reports.readStatement({ userId, year, month });
      assert.equal(statement.openingNanos, closing, "a month opens as the one before has closed");
      assert.equal(statement.isRunning, month === 1);
      checkMonth(statement, history, userId);
      closing = statement.closingNanos;
    }
    assert.equal(closing, (await fixture.wallet(userId)).postedNanos);
  }
  assert.deepEqual(await fixture.violations(), []);
  await fixture.close();
});

test("a month that has not begun, one that is none and a user without a wallet are refused", async () => {
  const fixture = await openReportFixture(aStillClock(Date.UTC(2026, 9, 5)));
  const userId = await fixture.addUser(0n);
  const read = async (year: number, month: number, id = userId): Promise<Statement> =>
    fixture.reports.readStatement({ userId: id, year, month });
  for (const [year, month] of [
    [2026, 11],
    [2026, 0],
    [2026, 13],
    [1999, 1],
  ] as const) {
    await assert.rejects(read(year, month), (error) => isQuotaFault("REQUEST_INVALID", error));
  }
  await assert.rejects(read(2026, 10, 999), (error) => isQuotaFault("WALLET_NOT_FOUND", error));
  const empty = await read(2026, 10);
  assert.deepEqual([empty.openingNanos, empty.closingNanos, empty.charges.length], [0n, 0n, 0]);
  await fixture.close();
});

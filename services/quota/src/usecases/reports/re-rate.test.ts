import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { isQuotaFault } from "#domain/faults.ts";
import { bases, noUsage } from "#domain/usage.ts";
import { openReportFixture } from "../../testing/report-fixture.ts";
import type { ReportFixture } from "../../testing/report-fixture.ts";
import { createReRate } from "./re-rate.ts";
import type { RatedCall, RatedCallQuery, ReRateOrder } from "./re-rate.ts";

let fixture: ReportFixture;

before(async () => {
  fixture = await openReportFixture();
});

after(async () => {
  await fixture.close();
});

function order(fields: Partial<ReRateOrder> & Pick<ReRateOrder, "version">): ReRateOrder {
  const nowMs = fixture.clock.nowMs();
  return { fromMs: nowMs - 1000, toMs: nowMs + 1, userId: undefined, after: undefined, ...fields };
}

test("calls are rated under another version by user and model, and nothing is written", async () => {
  const oneId = await fixture.addUser(10n ** 12n);
  const twoId = await fixture.addUser(10n ** 12n);
  const version = await fixture.publish({
    ModelPrice: '{"gpt-4o": {"input": 5, "output": 20}}',
    UserRatio: `{"${twoId}": 0.5}`,
  });
  await fixture.settle(
    { userId: oneId },
    { userId: oneId },
    { userId: twoId },
    { userId: twoId, basis: bases.failed },
    { userId: twoId, model: "mini", pricedModel: "gpt-4o-mini" },
  );
  const before = JSON.stringify(
    await fixture.database.query("select count(*) as n from ledger_tx"),
  );
  const part = await fixture.reports.reRate(order({ version }));
  const told = part.rows.map((row) => [
    row.userId,
    row.username,
    row.model,
    row.calls,
    row.billedNanos,
    row.reRatedNanos,
    row.unpricedCalls,
  ]);
  assert.deepEqual(told, [
    [oneId, `user${oneId}`, "gpt-4o", 2, 1_400_000n, 2_800_000n, 0],
    // The failed one is free under any price.
    [twoId, `user${twoId}`, "gpt-4o", 2, 700_000n, 700_000n, 0],
    [twoId, `user${twoId}`, "mini", 1, 42_000n, 21_000n, 0],
  ]);
  assert.deepEqual([part.calls, part.after, part.logFromMs], [5, undefined, 0]);
  const own = await fixture.reports.reRate(order({ version, userId: twoId }));
  assert.deepEqual([own.calls, own.rows.length], [3, 2]);
  const now = JSON.stringify(await fixture.database.query("select count(*) as n from ledger_tx"));
  assert.equal(now, before);
});

test("calls outside of the window do not count, and its end does not belong to it", async () => {
  const userId = await fixture.addUser(10n ** 12n);
  const nowMs = fixture.clock.nowMs();
  const at = (ms: number) => ({ userId, requestId: uuidV7Bytes(nowMs + ms) });
  await fixture.settle(at(-11), at(-10), at(-5), at(0), at(1));
  const window = { fromMs: nowMs - 10, toMs: nowMs, userId };
  const { calls } = await fixture.reports.reRate(order({ version: 1, ...window }));
  assert.equal(calls, 2);
});

test("a call that the version has no price for counts as it was billed, and is counted", async () => {
  const userId = await fixture.addUser(10n ** 12n);
  const version = await fixture.publish({ UnknownModelPolicy: "refuse" });
  await fixture.settle({ userId, model: "odd", pricedModel: "odd" });
  const { rows } = await fixture.reports.reRate(order({ version, userId }));
  const [row] = rows;
  assert.equal(row?.unpricedCalls, 1);
  assert.equal(row.reRatedNanos, row.billedNanos);
});

test("an unknown version and an impossible window are refused", async () => {
  await assert.rejects(fixture.reports.reRate(order({ version: 4711 })), (error) =>
    isQuotaFault("PRICE_VERSION_UNKNOWN", error),
  );
  await assert.rejects(fixture.reports.reRate(order({ version: 1, fromMs: 5, toMs: 5 })), (error) =>
    isQuotaFault("REQUEST_INVALID", error),
  );
});

test("a part ends after a bounded number of rows or of milliseconds, and the next goes on behind it", async () => {
  const { books } = fixture.money;
  const template: Omit<RatedCall, "requestId"> = {
    userId: 1,
    username: "one",
    group: "default",
    model: "gpt-4o",
    pricedModel: "gpt-4o",
    channelType: 1,
    costNanos: 700_000n,
    basis: bases.usage,
    usage: { ...noUsage, inputTokens: 200, outputTokens: 20 },
  };
  const rowsInAll = 51_500;
  const idOf = (index: number): Uint8Array => {
    const id = new Uint8Array(16);
    new DataView(id.buffer).setUint32(0, index + 1);
    return id;
  };
  const pages: number[] = [];
  const read = async ({ after, max }: RatedCallQuery): Promise<readonly RatedCall[]> => {
    const start = after === undefined ? 0 : new DataView(after.buffer).getUint32(0);
    pages.push(max);
    const length = Math.max(0, Math.min(max, rowsInAll - start));
    return Array.from({ length }, (_, index) => ({ ...template, requestId: idOf(start + index) }));
  };
  const calls = { read, readFloor: async () => 7 };
  const reRate = createReRate({ calls, books, clock: fixture.clock });
  const first = await reRate(order({ version: 1 }));
  assert.deepEqual([first.calls, first.after], [50_000, idOf(49_999)]);
  const second = await reRate(order({ version: 1, after: first.after }));
  assert.deepEqual([second.calls, second.after, second.logFromMs], [1500, undefined, 7]);
  assert.ok(pages.every((max) => max === 1000));
  assert.equal(first.rows[0]?.reRatedNanos, 50_000n * 700_000n);
  // A slow database: time is up after the first page.
  let slowMs = 0;
  const slow = createReRate({ calls, books, clock: { nowMs: () => (slowMs += 5000) } });
  assert.equal((await slow(order({ version: 1 }))).calls, 1000);
});

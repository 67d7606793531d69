/** Every statement that reads calls or their sums, and the way that the engine goes: along what was asked for, never through all. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import type { Database } from "@tollgate/kit/sql/database";
import type { SqlDialect } from "@tollgate/kit/sql/sql-dialect";
import type { LogFilter } from "#domain/log-entry.ts";
import { createReports } from "../../reports.ts";
import { openTestDatabase, silentLogger } from "../../testing/open-test-database.ts";
import { findScans, recordQueries } from "../../testing/read-plan.ts";
import { aStillClock, openReportFixture } from "../../testing/report-fixture.ts";
import type { ReportFixture } from "../../testing/report-fixture.ts";
import { createBatchSums } from "./batch-sums.ts";
import { createLedgerCheckStore } from "./ledger-check-store.ts";
import { createLogCopier } from "./log-copier.ts";
import { createLogReader } from "./log-store.ts";
import { createMarginReader } from "./margin-store.ts";
import { createRatedCallReader } from "./rated-call-reader.ts";
import { createReplaySums } from "./replay-sums.ts";
import { createRefundStore } from "./refund-store.ts";
import { createSettlementStore } from "./settlement-store.ts";
import { createStatementReader } from "./statement-reader.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const firstDayMs = Date.UTC(2026, 10, 22);
const days = 40;
const users = 20;
const callsPerDay = 200;

let fixture: ReportFixture;
let recorded: ReturnType<typeof recordQueries>;
let database: Database;
let userId: number;
let requestId: Uint8Array;

before(async () => {
  fixture = await openReportFixture(aStillClock(firstDayMs));
  recorded = recordQueries(fixture.database);
  database = recorded.database;
  const userIds: number[] = [];
  for (let index = 0; index < users; index += 1) {
    userIds.push(await fixture.addUser(10n ** 12n));
  }
  for (let day = 0; day < days; day += 1) {
    const nowMs = fixture.clock.nowMs();
    await fixture.money.logKeeping.prepareDays(nowMs);
    const calls = Array.from({ length: callsPerDay }, (_, index) => ({
      requestId: uuidV7Bytes(nowMs + Math.floor((index * dayMs) / callsPerDay)),
      userId: userIds[index % users] ?? 0,
      keyId: index % 7,
      model: `model ${index % 5}`,
      channelId: index % 3,
      attempts: [
        { channelId: 8, status: 500, reason: "UPSTREAM_FAILED", elapsedMs: 11 },
        { channelId: index % 3, status: 200, reason: "", elapsedMs: 22 },
      ],
    }));
    await fixture.clock.advance(dayMs);
    const ids = await fixture.settle(...calls);
    requestId = day === days / 2 ? (ids[0] ?? requestId) : (requestId ?? ids[0]);
  }
  userId = userIds[0] ?? 0;
  await analyze();
});

after(async () => fixture.close());

const analyzeOf = {
  sqlite: "analyze",
  mysql: "analyze table",
  // Before its first vacuum an index cannot answer alone, which no table of this size is in for long.
  postgresql: "vacuum analyze",
} as const satisfies Readonly<Record<SqlDialect, string>>;

/** Without statistics a planner takes a new table for a small one. */
async function analyze(): Promise<void> {
  const { database: main } = fixture;
  for (const table of ["usage_log", "usage_hour", "usage_day", "upstream_attempts"]) {
    await main.execute(`${analyzeOf[main.dialect]} ${table}`);
  }
}

/** Runs the reads and looks at what each of them asked the engine for. */
async function assertRanges(
  reads: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<void> {
  const scans: string[] = [];
  for (const [name, read] of Object.entries(reads)) {
    recorded.take();
    await read();
    const statements = recorded.take();
    assert.ok(statements.length > 0, `${name} reads calls`);
    for (const statement of statements) {
      const found = await findScans(fixture.database, statement);
      scans.push(...found.map((scan) => `${name}: ${scan}`));
    }
  }
  assert.deepEqual(scans, []);
}

/** Half a day in the middle, with edges inside an hour. */
const fromMs = firstDayMs + 20 * dayMs + 1_800_000;
const toMs = fromMs + dayMs / 2;
const window = { fromSeconds: fromMs / 1000, toSeconds: toMs / 1000 };

const filters = (): readonly LogFilter[] => [
  { userId },
  { requestId },
  { requestId, userId },
  window,
  { ...window, userId },
  { ...window, username: `user${userId}` },
  { ...window, username: "somebody who is gone" },
  { ...window, keyName: "key" },
  { ...window, model: "model 3" },
  { ...window, channelId: 2 },
  { ...window, group: "default" },
  { ...window, isFailed: true },
  { ...window, isFailed: false, userId, model: "model 3" },
];

test("lists and counts go along the window, the user or the call that was asked for", async () => {
  const log = createLogReader({ database }, fixture.clock);
  const page = { limit: 20, hasTotal: true, keyword: "" } as const;
  for (const filter of [{}, ...filters()]) {
    await assertRanges({
      [`newest ${JSON.stringify(filter)}`]: async () =>
        log.search(filter, { ...page, offset: 40, sort: "created_at", isDescending: true }),
      [`oldest ${JSON.stringify(filter)}`]: async () =>
        log.search(filter, { ...page, offset: 0, sort: "created_at", isDescending: false }),
    });
  }
  // Whoever sorts by something else has the newest rows looked through, so a window is what bounds it.
  for (const filter of filters()) {
    await assertRanges({
      [`dearest ${JSON.stringify(filter)}`]: async () =>
        log.search(filter, { ...page, offset: 0, sort: "cost_nanos", isDescending: true }),
    });
  }
});

test("sums, the pace of the last minute and series do so too", async () => {
  const log = createLogReader({ database }, fixture.clock);
  const { fromSeconds, toSeconds } = window;
  for (const filter of filters()) {
    await assertRanges({
      [`sum ${JSON.stringify(filter)}`]: async () => log.sum(filter),
      [`pace ${JSON.stringify(filter)}`]: async () =>
        log.sumSince(filter, fixture.clock.nowMs() - 60_000),
    });
  }
  await assertRanges({
    "sum until a moment": async () => log.sum({ toSeconds: firstDayMs / 1000 + 100_000 }),
    "hours of a user": async () =>
      log.readSeries({ userId, fromSeconds, toSeconds, bucket: "hour" }),
    "hours of all": async () =>
      log.readSeries({ userId: undefined, fromSeconds, toSeconds, bucket: "hour" }),
    "days of a user": async () => log.readSeries({ userId, fromSeconds, toSeconds, bucket: "day" }),
    "days of all": async () =>
      log.readSeries({ userId: undefined, fromSeconds, toSeconds, bucket: "day" }),
  });
});

test("statements, margins, prices of the past and single calls do so too", async () => {
  const statements = createStatementReader(database);
  const margins = createMarginReader(database);
  const rated = createRatedCallReader({ database });
  const settlements = createSettlementStore(database);
  const { clock, money } = fixture;
  const { explainCall } = createReports({
    database,
    clock,
    logger: silentLogger,
    books: money.books,
  });
  const ofDays = { fromSeconds: fromMs / 1000, toSeconds: (fromMs + dayMs) / 1000 };
  await assertRanges({
    statement: async () =>
      statements.read(userId, { fromMs: Date.UTC(2026, 11, 1), toMs: Date.UTC(2026, 11, 2) }),
    "margin by channel": async () => margins.readMargin({ ...ofDays, by: "channel" }),
    "margin by model": async () => margins.readMargin({ ...ofDays, by: "model" }),
    "margin by user": async () => margins.readMargin({ ...ofDays, by: "user" }),
    "prices of all": async () =>
      rated.read({ fromMs, toMs, userId: undefined, after: requestId, max: 1000 }),
    "prices of a user": async () =>
      rated.read({ fromMs, toMs, userId, after: undefined, max: 1000 }),
    explanation: async () => explainCall({ requestId, userId }),
    refund: async () => createRefundStore({ database }).findCall(requestId),
    "settled before": async () =>
      fixture.database.transaction(async (tx) =>
        settlements.findSettled([requestId, uuidV7Bytes()], tx),
      ),
  });
});

test("checks of the books do so too, and so does the way to the log database", async () => {
  const sums = createBatchSums(database);
  const settledAtMs = fromMs - (fromMs % dayMs);
  const hour = { fromMs: settledAtMs, toMs: settledAtMs + hourMs };
  const replays = createReplaySums(database);
  const [charge] = (await sums.listCharged(hour, 1000)) ?? [];
  assert.ok(charge);
  const log = await openTestDatabase("");
  try {
    const copier = createLogCopier({ main: database, log: log.database });
    await assertRanges({
      "sums of settlements": async () => sums.listRows(hour, 1000),
      "one settlement": async () => sums.sumExactly(charge),
      "corrected calls": async () => sums.findCorrected(hour, 20),
      "a replay": async () => {
        const batch = await replays.findBatch(hour);
        assert.ok(batch);
        // As for a settlement of calls of the same hour.
        await replays.readCalls({ ...batch, calls: { ...batch.calls, last: batch.calls.first } });
      },
      "the books of a user": async () => createLedgerCheckStore(database).check(userId),
      "a copy": async () => copier.complete(settledAtMs, settledAtMs + hourMs),
    });
  } finally {
    await log.close();
  }
});

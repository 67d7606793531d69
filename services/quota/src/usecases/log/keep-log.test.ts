/** The log of calls, from its first day to the day that is dropped. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { SqlRow } from "@tollgate/kit/sql/database";
import { eventually } from "@tollgate/kit/testing/eventually";
import { createLogCopier } from "#store/sql/log-copier.ts";
import { createLogReader } from "#store/sql/log-store.ts";
import type { LogFilter } from "#domain/log-entry.ts";
import type { LogReader } from "#usecases/identity/identity-ports.ts";
import {
  aCall,
  aRelay,
  callCostNanos,
  ended,
  openMoneyFixture,
} from "../../testing/money-fixture.ts";
import type { FakeRelay, MoneyFixture } from "../../testing/money-fixture.ts";
import { openTestDatabase, silentLogger } from "../../testing/open-test-database.ts";
import type { TestDatabase } from "../../testing/open-test-database.ts";
import { keepLog, startKeepingLog } from "./keep-log.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const keptDays = 5;

let fixture: MoneyFixture;
let relay: FakeRelay;
let userId: number;
let nextSeq: number;

beforeEach(async () => {
  fixture = await openMoneyFixture();
  userId = await fixture.addUser(10n ** 12n);
  relay = aRelay(fixture);
  await relay.hello();
  nextSeq = 0;
});

afterEach(async () => fixture.close());

/** Ships calls of these moments as one batch. */
async function ship(...startedAtMs: readonly number[]): Promise<void> {
  const calls = startedAtMs.map((atMs) => {
    const attempts = [
      { channelId: 3, status: 529, reason: "UPSTREAM_OVERLOADED", elapsedMs: 5 },
      { channelId: 4, status: 200, reason: "", elapsedMs: 7 },
    ];
    return aCall({ requestId: uuidV7Bytes(atMs), userId, leaseNo: 0, attempts });
  });
  const entries = calls.map((call) => ended(call));
  await relay.ship(nextSeq, entries);
  nextSeq += entries.length;
}

async function keep(archive?: TestDatabase): Promise<void> {
  const { database, clock, money } = fixture;
  const logCopier =
    archive === undefined ? undefined : createLogCopier({ main: database, log: archive.database });
  const { logKeeping } = money;
  await keepLog({ logKeeping, logCopier, clock, logger: silentLogger, logRetentionDays: keptDays });
}

async function count(table: string, database = fixture.database): Promise<number> {
  const [row] = await database.query<SqlRow>(`select count(*) as total from ${table}`);
  return integerColumn(row?.["total"]);
}

/** A call on each of ten days, the last one today; answers their moments. */
async function tenDays(): Promise<readonly number[]> {
  const moments: number[] = [];
  for (let day = 0; day < 10; day += 1) {
    const nowMs = fixture.clock.nowMs();
    // One of them began the evening before, so that a settlement has calls of two days.
    await ship(nowMs, nowMs - dayMs / 2);
    moments.push(nowMs - dayMs / 2, nowMs);
    fixture.clock.sleep(day === 9 ? 0 : dayMs);
  }
  return moments;
}

test("days beyond the retention go, the balance and the sums stay, and the books still hold", async () => {
  const moments = await tenDays();
  const before = await fixture.wallet(userId);
  await keep();
  const first = fixture.clock.nowMs() - (fixture.clock.nowMs() % dayMs) - keptDays * dayMs;
  const { floorMs: floor, droppedMs } = await fixture.money.logKeeping.readExtent();
  assert.deepEqual([floor, droppedMs], [first, first]);
  const left = moments.filter((atMs) => atMs >= first).length;
  assert.ok(left > 0 && left < moments.length);
  assert.equal(await count("usage_log"), left);
  assert.equal(await count("upstream_attempts"), 2 * left);
  assert.deepEqual(await fixture.violations(), []);
  assert.deepEqual(await fixture.wallet(userId), before);
  const { usageRows } = await fixture.useCases.ledgerCheck.check(userId);
  assert.equal(usageRows, moments.length);
  await keep();
  assert.deepEqual(await fixture.violations(), []);
});

test("a call from before the log is quarantined with all that is known of it, and costs nothing", async () => {
  await tenDays();
  await keep();
  const before = await fixture.wallet(userId);
  const nowMs = fixture.clock.nowMs();
  await ship(nowMs - 9 * dayMs, nowMs - hourMs, nowMs - 3 * dayMs);
  const after = await fixture.wallet(userId);
  assert.equal(after.usedNanos - before.usedNanos, 2n * callCostNanos);
  const rows = await fixture.database.query<SqlRow>("select * from quarantine");
  assert.equal(rows.length, 1);
  assert.equal(textColumn(rows[0]?.["reason"]), "OLDER_THAN_THE_LOG");
  const payload: unknown = JSON.parse(textColumn(rows[0]?.["payload"]));
  assert.ok(typeof payload === "object" && payload !== null && "costNanos" in payload);
  assert.equal(payload.costNanos, "700000");
  assert.deepEqual(await fixture.violations(), []);
});

test("without retention the oldest call is posted", async () => {
  await ship(fixture.clock.nowMs() - 300 * dayMs);
  assert.equal(await count("quarantine"), 0);
  assert.equal(await count("usage_log"), 1);
});

test("a settlement that relies on the lower floor is waited for, and the next one sees the new floor", async () => {
  const { logKeeping, transactions } = fixture.money;
  const order: string[] = [];
  let raising: Promise<void> | undefined;
  await transactions.run(async (tx) => {
    assert.equal(await logKeeping.share(tx), 0);
    raising = logKeeping.raiseFloor(dayMs).then(() => void order.push("raised"));
    await tx.run("update log_keeping set copied_ms = copied_ms where id = 2", []);
    order.push("settled");
  });
  await raising;
  assert.deepEqual(order, ["settled", "raised"]);
  assert.equal(await transactions.run(async (tx) => logKeeping.share(tx)), dayMs);
  await logKeeping.raiseFloor(1);
  assert.equal((await logKeeping.readExtent()).floorMs, dayMs);
});

test("with a log database every call stays readable: in the list, in sums, and by its id", async () => {
  await withArchive(async (archive) => {
    const moments = await tenDays();
    const { database, clock } = fixture;
    const plain = createLogReader({ database }, clock);
    const second = (index: number): number => Math.floor((moments[index] ?? 0) / 1000);
    const windows: readonly LogFilter[] = [
      {},
      { userId },
      { group: "default" },
      { fromSeconds: second(1) + 1, toSeconds: second(14) },
      { toSeconds: second(5) },
      { fromSeconds: second(17) },
    ];
    const range = { limit: 7, hasTotal: true, keyword: "" } as const;
    const read = async (reader: LogReader): Promise<readonly unknown[]> => {
      const answers: unknown[] = [];
      for (const filter of windows) {
        for (const offset of [0, 5, 12]) {
          const byTime = { ...range, offset, sort: "created_at", isDescending: true } as const;
          const byCost = { ...range, offset, sort: "cost_nanos", isDescending: false } as const;
          answers.push(await reader.search(filter, byTime), await reader.search(filter, byCost));
        }
        answers.push(await reader.sum(filter));
      }
      return answers;
    };
    const before = await read(plain);
    await keep(archive);
    const copied = await count("usage_log", archive.database);
    assert.ok(copied > 0 && copied <= moments.length);
    const merged = createLogReader({ database, archive: archive.database }, clock);
    assert.deepEqual(await read(merged), before);
    assert.deepEqual(await fixture.violations(), []);
  });
});

test("a call that is settled after its hour was copied is copied before its day goes", async () => {
  await withArchive(async (archive) => {
    const startMs = fixture.clock.nowMs();
    await ship(startMs);
    fixture.clock.sleep(2 * dayMs);
    await keep(archive);
    assert.equal(await count("usage_log", archive.database), 1);
    await ship(startMs + 1000);
    fixture.clock.sleep((keptDays + 1) * dayMs);
    await keep(archive);
    assert.equal(await count("usage_log", archive.database), 2);
    assert.equal(await count("upstream_attempts", archive.database), 4);
    await keep(archive);
    assert.equal(await count("usage_log", archive.database), 2);
  });
});

test("nothing leaves the main database while the log database refuses it", async () => {
  const archive = await openTestDatabase("");
  await archive.database.close();
  await tenDays();
  const rows = await count("usage_log");
  await assert.rejects(keep(archive));
  assert.equal(await count("usage_log"), rows);
  assert.equal((await fixture.money.logKeeping.readExtent()).droppedMs, 0);
  assert.deepEqual(await fixture.violations(), []);
});

test("a round that failed is repeated after a minute, one that went well after an hour", async () => {
  const { clock, money } = fixture;
  let ended = 0;
  let isAway = true;
  const stop = await startKeepingLog({
    logKeeping: {
      ...money.logKeeping,
      // The last thing that a round does.
      removeRetired: async () => {
        const isAll = await money.logKeeping.removeRetired();
        ended += 1;
        return isAll;
      },
    },
    logCopier: {
      copy: async () => (isAway ? Promise.reject(new Error("away")) : Promise.resolve()),
      complete: async () => Promise.resolve(),
    },
    clock,
    logger: Object.assign(Object.create(silentLogger), {
      warn: () => {
        ended += 1;
      },
    }),
    logRetentionDays: keptDays,
  });
  try {
    await eventually(() => ended === 1);
    await clock.advance(minuteMs);
    await eventually(() => ended === 2);
    isAway = false;
    await clock.advance(minuteMs);
    await eventually(() => ended === 3);
    isAway = true;
    await clock.advance(hourMs - minuteMs);
    assert.equal(ended, 3);
    await clock.advance(minuteMs);
    await eventually(() => ended === 4);
  } finally {
    await stop();
  }
});

async function withArchive(work: (archive: TestDatabase) => Promise<void>): Promise<void> {
  const archive = await openTestDatabase("");
  try {
    await work(archive);
  } finally {
    await archive.close();
  }
}

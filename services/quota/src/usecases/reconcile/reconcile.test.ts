/** Every check runs clean on what the service itself writes, and finds what is broken on purpose. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { formatUuid, uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { checks } from "#domain/check-run.ts";
import type { Check, CheckRun } from "#domain/check-run.ts";
import { aRelay } from "../../testing/money-fixture.ts";
import { silentLogger } from "../../testing/open-test-database.ts";
import { aStillClock, openReportFixture } from "../../testing/report-fixture.ts";
import type { ReportFixture } from "../../testing/report-fixture.ts";
import { createCheckBatches } from "./reconcile-batches.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

let fixture: ReportFixture;
let userId: number;

beforeEach(async () => {
  fixture = await openReportFixture(aStillClock(Date.UTC(2026, 10, 22)));
  userId = await fixture.addUser(10n ** 12n);
});

afterEach(async () => {
  await fixture.close();
});

/** Runs a check a moment later, so that runs have an order. */
async function run(check: Check, reports = fixture.reports): Promise<CheckRun> {
  await fixture.clock.advance(1);
  return reports.runCheck(check);
}

/** Late enough for everything settled so far to be compared. */
const letSettle = async (): Promise<void> => fixture.clock.advance(2 * minuteMs);

const breakBooks = async (
  sql: string,
  parameters: readonly (number | Uint8Array)[] = [],
): Promise<void> => void (await fixture.database.execute(sql, parameters));

test("the books that the service writes pass every check, and the runs are kept", async () => {
  await fixture.relay.acquire(userId, { want: 10_000_000n, needMin: 1n });
  await fixture.settle({ userId, leaseNo: 1 }, { userId, leaseNo: 1 });
  await letSettle();
  for (const check of checks) {
    const { violations, violationCount, isComplete, checked } = await run(check);
    assert.deepEqual([violations, violationCount, isComplete], [[], 0, true], check);
    assert.ok(checked > 0, `${check} looked at something`);
  }
  const last = await fixture.reports.checkRuns.listLast();
  assert.deepEqual(
    last.map(({ check }) => check),
    [...checks],
  );
  assert.deepEqual(await fixture.reports.checkRuns.listAlarms(10), []);
  assert.deepEqual(fixture.alarms, []);
});

test("R1: money held without a lease is found, and it stays as it is", async () => {
  await fixture.relay.acquire(userId, { want: 10_000_000n, needMin: 10_000_000n });
  await breakBooks("update wallets set held_nanos = held_nanos + 7 where user_id = ?", [userId]);
  const sentence = `what is held of user ${userId} differs from the active leases by 7 nano-USD`;
  for (const check of ["held", "held-all"] as const) {
    assert.deepEqual((await run(check)).violations, [sentence]);
  }
  assert.equal((await fixture.wallet(userId)).heldNanos, 10_000_007n);
  assert.equal(fixture.alarms.length, 2);
  const [alarm] = await fixture.reports.checkRuns.listAlarms(10);
  assert.deepEqual([alarm?.check, alarm?.violationCount], ["held-all", 1]);
});

test("R1: the check of every minute looks at users with news only, the hourly one at all", async () => {
  const quietId = await fixture.addUser(5n);
  await run("held");
  await fixture.clock.advance(hourMs);
  await run("held");
  await fixture.clock.advance(hourMs);
  await breakBooks("update wallets set held_nanos = 7 where user_id = ?", [quietId]);
  await fixture.settle({ userId });
  const news = await run("held");
  assert.deepEqual([news.checked, news.violationCount], [1, 0]);
  assert.equal((await run("held-all")).violationCount, 1);
});

test("R1: a lease that was granted, one that was closed and a top-up are news", async () => {
  const ids = [
    userId,
    await fixture.addUser(9n),
    await fixture.addUser(9n),
    await fixture.addUser(9n),
  ];
  const [, toppedUp = 0, granted = 0, released = 0] = ids;
  await fixture.relay.acquire(released, { leaseNo: 3, want: 5n, needMin: 5n });
  await run("held");
  await fixture.clock.advance(hourMs);
  await run("held");
  await fixture.clock.advance(hourMs);
  await fixture.relay.acquire(granted, { leaseNo: 4, want: 5n, needMin: 5n });
  await fixture.relay.ship(0, [{ kind: "released", epoch: 1, leaseNo: 3 }]);
  await fixture.useCases.adjustWallet({
    requestId: "news",
    userId: toppedUp,
    amountNanos: nanoUsd(1n),
    kind: "top-up",
    remark: "",
    actorId: 0,
  });
  assert.equal((await run("held")).checked, 3);
});

test("R2: a balance that its entries do not add up to is found", async () => {
  await breakBooks("update wallets set posted_nanos = posted_nanos - 3 where user_id = ?", [
    userId,
  ]);
  assert.deepEqual((await run("posted")).violations, [
    `the balance of user ${userId} differs from the ledger by -3 nano-USD`,
  ]);
});

test("R2: a run without time ends after a page, and the next goes on behind it until all are through", async () => {
  for (let index = 0; index < 450; index += 1) {
    await fixture.database.transaction(async (tx) => fixture.money.wallets.open(1000 + index, tx));
  }
  await breakBooks("update wallets set posted_nanos = 1 where user_id = 1449");
  const hasty = fixture.reportsWithBudget(0);
  const runs = [await run("posted", hasty), await run("posted", hasty), await run("posted", hasty)];
  assert.deepEqual(
    runs.map(({ checked, isComplete, violationCount }) => [checked, isComplete, violationCount]),
    [
      [200, false, 0],
      [200, false, 0],
      [51, true, 1],
    ],
  );
  assert.equal((await run("posted", hasty)).checked, 200);
});

test("R3: a row that changed, one that vanished and a charge without rows are found", async () => {
  const otherId = await fixture.addUser(10n ** 9n);
  const [changed = new Uint8Array()] = await fixture.settle({ userId });
  const [vanished = new Uint8Array()] = await fixture.settle({ userId: otherId }, { userId });
  await fixture.settle({ userId });
  await breakBooks("update usage_log set cost_nanos = cost_nanos - 1 where request_id = ?", [
    changed,
  ]);
  await breakBooks("delete from usage_log where request_id = ?", [vanished]);
  await letSettle();
  const { violations, checked } = await run("batches");
  assert.equal(checked, 4);
  assert.equal(violations.length, 2);
  assert.ok(violations.some((text) => text.includes(`of user ${userId} charged 700000`)));
  assert.ok(violations.some((text) => text.endsWith("its calls cost 0: 700000 too much")));
});

test("R3: rows that were never charged are found", async () => {
  const [requestId = new Uint8Array()] = await fixture.settle({ userId });
  await breakBooks(
    "delete from ledger_entries where tx_id in (select tx_id from ledger_tx where kind = 'settlement')",
  );
  await breakBooks("delete from ledger_tx where kind = 'settlement'");
  await letSettle();
  const { violations } = await run("batches");
  assert.equal(violations.length, 1);
  assert.match(violations[0] ?? "", /charged 0 nano-USD, its calls cost 700000: -700000 too much/u);
  assert.equal(requestId.length, 16);
});

test("R3: calls that started long before they were settled do not raise an alarm", async () => {
  const daysAgo = uuidV7Bytes(fixture.clock.nowMs() - 3 * dayMs);
  await fixture.settle({ userId, requestId: daysAgo }, { userId });
  await letSettle();
  const { violations, checked } = await run("batches");
  assert.deepEqual([violations, checked], [[], 1]);
});

test("R3: what has left the log counts all the same", async () => {
  const nowMs = fixture.clock.nowMs();
  const otherId = await fixture.addUser(10n ** 9n);
  await fixture.settle(
    { userId, requestId: uuidV7Bytes(nowMs - 3 * dayMs) },
    { userId },
    { userId: otherId, requestId: uuidV7Bytes(nowMs - 3 * dayMs) },
  );
  await letSettle();
  await fixture.money.logKeeping.retire(nowMs - dayMs);
  assert.deepEqual((await run("batches")).violations, [], "retired, and still there");
  await breakBooks("delete from reconcile_runs");
  await fixture.money.logKeeping.removeRetired();
  const { violations, checked } = await run("batches");
  assert.deepEqual([violations, checked], [[], 2], "retired and gone");
});

test("R3: each settlement is looked at once, and a run without time goes on from its mark", async () => {
  await fixture.settle({ userId });
  await letSettle();
  assert.equal((await run("batches")).checked, 1);
  assert.equal((await run("batches")).checked, 0);
  await fixture.settle({ userId });
  await fixture.clock.advance(3 * hourMs);
  const hasty = fixture.reportsWithBudget(0);
  const first = await run("batches", hasty);
  assert.deepEqual([first.checked, first.isComplete], [1, false]);
  await run("batches", hasty);
  assert.equal((await run("batches")).isComplete, true);
});

test("R4: a mark that went back, an open call behind its mark and a lease of a later epoch are found", async () => {
  await fixture.settle({ userId }, { userId });
  await fixture.relay.acquire(userId, { want: 5n, needMin: 5n });
  assert.equal((await run("journals")).violationCount, 0);
  await breakBooks("update journals set hwm = 1");
  await breakBooks("update leases set epoch = 9");
  await breakBooks(
    "insert into open_calls (journal_id, request_id, epoch, seq, facts, delivered) values (?, ?, 1, 1, '', '')",
    [fixture.relay.journalId, uuidV7Bytes()],
  );
  const name = formatUuid(fixture.relay.journalId);
  assert.deepEqual((await run("journals")).violations, [
    `the mark of journal ${name} went back from 2 to 1`,
    `journal ${name} has an open call at 1, behind its mark 1`,
    `journal ${name} is at epoch 1 and has a lease of epoch 9`,
  ]);
  await breakBooks("delete from open_calls");
  await breakBooks("update leases set epoch = 1");
  assert.equal((await run("journals")).violationCount, 0, "the mark is the one to hold on to now");
});

test("R4: a settlement whose records or calls would count again is found in the sample, a whole one is not", async () => {
  const ids = await fixture.settle({ userId }, { userId });
  await letSettle();
  const whole = await run("journals");
  assert.deepEqual([whole.checked, whole.violations], [2, []], "a journal and a settlement");
  assert.equal((await run("journals")).checked, 1, "each settlement is drawn from once");

  const [gone = new Uint8Array()] = await fixture.settle({ userId }, { userId });
  await letSettle();
  await breakBooks("delete from usage_log where request_id = ?", [gone]);
  const missing = await run("journals");
  assert.equal(missing.violationCount, 1);
  assert.match(missing.violations[0] ?? "", /posted 2 calls, the log has 1 of them or others/u);
  assert.equal(ids.length, 2);

  await fixture.settle({ userId });
  await letSettle();
  const name = formatUuid(fixture.relay.journalId);
  await breakBooks("update journals set hwm = 4");
  assert.ok(
    (await run("journals")).violations.some((text) =>
      text.endsWith(
        `applied journal ${name} up to 5, its mark is 4: records would be applied again`,
      ),
    ),
  );
  await breakBooks("update journals set hwm = 5");
  await fixture.settle({ userId });
  await letSettle();
  await breakBooks("update settled_batches set from_seq = 4 where from_seq = 5");
  assert.ok(
    (await run("journals")).violations.some((text) =>
      text.startsWith(`records of journal ${name} between 4 and 6 were applied by`),
    ),
  );
});

test("R4: what leaves the log and what was given up by an operator raise no alarm", async () => {
  const nowMs = fixture.clock.nowMs();
  await fixture.settle({ userId, requestId: uuidV7Bytes(nowMs - 1000) }, { userId });
  await letSettle();
  await fixture.money.logKeeping.retire(nowMs);
  await fixture.money.logKeeping.removeRetired();
  const { violations, checked } = await run("journals");
  assert.deepEqual([violations, checked], [[], 2]);
});

test("R3: rows near what was dropped raise no alarm, whether they are gone or not", async () => {
  const nowMs = fixture.clock.nowMs();
  await fixture.settle({ userId, requestId: uuidV7Bytes(nowMs - 1000) }, { userId });
  await fixture.clock.advance(90 * minuteMs);
  await fixture.settle({ userId });
  await letSettle();
  // Both windows begin within ten minutes of rows that count no longer, whether they are there or gone.
  await fixture.money.logKeeping.retire(nowMs);
  assert.deepEqual((await run("batches")).violations, []);
  assert.deepEqual((await run("costs")).checked, 2);
  await breakBooks("delete from reconcile_runs");
  await fixture.money.logKeeping.removeRetired();
  assert.deepEqual((await run("batches")).violations, []);
  assert.deepEqual((await run("costs")).checked, 2);
});

test("R3: a settlement that leaves the log while it is compared raises no alarm", async () => {
  const nowMs = fixture.clock.nowMs();
  const batch = { batchId: uuidV7Bytes(nowMs - hourMs), userId, costNanos: 5n };
  let floorMs = 0;
  const check = createCheckBatches(
    {
      listCharged: async () => [batch],
      listRows: async () => [],
      sumExactly: async () => {
        floorMs = nowMs;
        return 0n;
      },
      findCorrected: async () => ({ calls: 0, corrected: 0, first: [] }),
      readFloor: async () => floorMs,
    },
    silentLogger,
  );
  const { violations, isComplete } = await check({ nowMs, state: {}, isOver: () => false });
  assert.deepEqual([violations, isComplete], [[], true]);
});

test("R8: calls whose cost the relay computed otherwise are named once and counted for ever", async () => {
  const wrong = { userId, costNanos: nanoUsd(1n) };
  const [first = new Uint8Array()] = await fixture.settle(wrong, { userId });
  await letSettle();
  const told = await run("costs");
  assert.deepEqual([told.checked, told.violationCount], [2, 1]);
  assert.deepEqual(told.violations, [
    `the relay computed another cost for call ${formatUuid(first)} of user ${userId}`,
  ]);
  assert.equal((await run("costs")).violationCount, 0);
  await fixture.settle(...Array.from({ length: 25 }, () => wrong));
  await letSettle();
  const many = await run("costs");
  assert.deepEqual([many.violationCount, many.violations.length], [25, 20]);
  const [row] = await fixture.database.query<{ state: string }>(
    "select state from reconcile_runs where job = 'costs' order by run_id desc limit 1",
  );
  assert.match(row?.state ?? "", /"corrected":26/u);
});

test("R9: leases older than a day and silent journals that hold money are found, idle journals are not", async () => {
  await fixture.relay.acquire(userId, { want: 5n, needMin: 5n });
  const idle = aRelay(fixture);
  await idle.hello();
  await fixture.clock.advance(11 * minuteMs);
  const silent = await run("silence");
  assert.equal(silent.violationCount, 1);
  assert.match(
    silent.violations[0] ?? "",
    /of relay holds money and is silent since 2026-11-22T00:00:00/u,
  );
  await fixture.clock.advance(dayMs);
  const old = await run("silence");
  assert.equal(old.violationCount, 2);
  assert.match(
    old.violations[0] ?? "",
    new RegExp(`^lease .*/1/1 of user ${userId} is open since`, "u"),
  );
});

test("runs without findings are forgotten after a week, others after three months, the last never", async () => {
  await breakBooks("update wallets set posted_nanos = posted_nanos - 3 where user_id = ?", [
    userId,
  ]);
  await run("posted");
  await breakBooks("update wallets set posted_nanos = posted_nanos + 3 where user_id = ?", [
    userId,
  ]);
  await run("posted");
  await run("silence");
  const count = async (): Promise<number> => {
    const rows = await fixture.database.query("select run_id from reconcile_runs");
    return rows.length;
  };
  await fixture.clock.advance(8 * dayMs);
  await run("posted");
  assert.equal(await count(), 3);
  await fixture.clock.advance(91 * dayMs);
  await run("posted");
  assert.equal(await count(), 2);
  assert.equal((await fixture.reports.checkRuns.listLast()).length, 2);
});

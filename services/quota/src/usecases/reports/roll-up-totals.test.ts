/** Whoever asks for totals gets them from roll-ups: they are the same when no row is left. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogFilter } from "#domain/log-entry.ts";
import { createLogReader } from "#store/sql/log-store.ts";
import { aStillClock, openReportFixture } from "../../testing/report-fixture.ts";

const dayMs = 86_400_000;

test("sums by user, model, channel and whole hours, series, margins and statements do not need rows", async () => {
  const fixture = await openReportFixture(aStillClock(Date.UTC(2026, 10, 20)));
  const userId = await fixture.addUser(10n ** 12n);
  const otherId = await fixture.addUser(10n ** 12n);
  for (let day = 0; day < 3; day += 1) {
    await fixture.settle(
      { userId, model: "a", channelId: 3 },
      { userId, model: "b", channelId: 4 },
      { userId: otherId, model: "a", channelId: 4 },
    );
    await fixture.clock.advance(dayMs / 2 + 1);
  }
  const log = createLogReader(fixture, fixture.clock);
  const fromSeconds = Date.UTC(2026, 10, 20) / 1000;
  const toSeconds = fromSeconds + dayMs / 1000;
  const filters: readonly LogFilter[] = [
    {},
    { userId },
    { model: "a" },
    { channelId: 4 },
    { userId, model: "b", channelId: 4 },
    { fromSeconds, toSeconds: toSeconds - 1 },
    { fromSeconds: fromSeconds + 7200, toSeconds: toSeconds + 3599 },
    { username: `user${userId}` },
  ];
  const totals = async () => ({
    sums: await Promise.all(filters.map(async (filter) => log.sum(filter))),
    hours: await log.readSeries({ userId, fromSeconds, toSeconds, bucket: "hour" }),
    days: await log.readSeries({ userId: undefined, fromSeconds, toSeconds, bucket: "day" }),
    margins: await fixture.money.margins.readMargin({ fromSeconds, toSeconds, by: "model" }),
    statement: await fixture.reports.readStatement({ userId, year: 2026, month: 11 }),
  });
  const withRows = await totals();
  assert.ok(withRows.sums.every(({ requests }) => requests > 0));
  await fixture.database.execute("delete from usage_log");
  assert.deepEqual(await totals(), withRows);
  await fixture.close();
});

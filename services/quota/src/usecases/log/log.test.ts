import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ZERO, nanoUsd } from "@tollgate/kit/money/nano-usd";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { insertRows, upsertAdd } from "@tollgate/kit/sql/sql-dialect";
import { isQuotaFault } from "#domain/faults.ts";
import { logNumber } from "#domain/log-entry.ts";
import type { LogFilter, LogRow } from "#domain/log-entry.ts";
import type { SettledCall } from "#domain/settled-call.ts";
import { bases, noUsage } from "#domain/usage.ts";
import { usageColumns, usageValues } from "#store/sql/usage-row.ts";
import { aKey, aRange, aUser, openIdentityFixture, usd } from "#testing/identity-fixture.ts";
import type { IdentityFixture } from "#testing/identity-fixture.ts";

const hour = 3600;
const day = 86_400;

function aCall(fields: Partial<SettledCall> & { readonly createdAtMs: number }): SettledCall {
  return {
    requestId: uuidV7Bytes(fields.createdAtMs),
    userId: 1,
    username: "alice",
    keyId: 1,
    keyName: "work",
    group: "default",
    model: "gpt-4o",
    pricedModel: "gpt-4o",
    channelId: 5,
    channelType: 1,
    priceVersion: 1,
    multiplierPpm: 1_000_000,
    costNanos: nanoUsd(1000n),
    upstreamCostNanos: nanoUsd(800n),
    usage: { ...noUsage, inputTokens: 10, outputTokens: 5 },
    promptTokens: 10,
    completionTokens: 5,
    basis: bases.usage,
    status: 200,
    errorReason: "",
    errorMessage: "",
    durationMs: 100,
    ttftMs: 10,
    isStream: true,
    isSystemPromptReset: false,
    isEstimated: false,
    surface: "openai-chat",
    clientIp: "192.0.2.1",
    upstreamId: "up",
    leaseEpoch: 1,
    leaseNo: 2,
    holdNanos: nanoUsd(3n),
    beyondNanos: nanoUsd(4n),
    isLate: false,
    isCostCorrected: false,
    isPriceOutdated: false,
    batchId: uuidV7Bytes(fields.createdAtMs),
    attempts: [],
    ...fields,
  };
}

const rollUpKeys = ["user_id", "at_seconds", "key_id", "model", "channel_id"];
const rollUpSums = [
  "requests",
  "errors",
  "cost_nanos",
  "prompt_tokens",
  "completion_tokens",
  "cached_tokens",
];

describe("the log", () => {
  let fixture: IdentityFixture;
  let useCases: IdentityFixture["useCases"];
  let userId: number;
  let start: number;

  before(async () => {
    fixture = await openIdentityFixture();
    useCases = fixture.useCases;
    userId = (await useCases.createUser(aUser())).id;
    // A whole day before now, so that windows with edges inside days and hours can be asked for.
    start = Math.floor(fixture.clock.nowMs() / 1000 / day) * day - 2 * day;
    await fixture.clock.advance(1000);
  });

  after(async () => fixture.close());

  /** Writes a call and its roll-ups, as the settlement does. */
  const settle = async (call: SettledCall): Promise<void> => {
    const { database } = fixture;
    await database.execute(
      insertRows({ table: "usage_log", columns: usageColumns, rowCount: 1 }),
      usageValues(call),
    );
    const seconds = Math.floor(call.createdAtMs / 1000);
    for (const [table, step] of [
      ["usage_hour", hour],
      ["usage_day", day],
    ] as const) {
      await database.execute(
        upsertAdd(database.dialect, {
          table,
          columns: [...rollUpKeys, ...rollUpSums],
          rowCount: 1,
          keys: rollUpKeys,
          add: rollUpSums,
        }),
        [
          call.userId,
          seconds - (seconds % step),
          call.keyId,
          call.model,
          call.channelId,
          1,
          call.errorReason === "" ? 0 : 1,
          call.costNanos,
          call.promptTokens,
          call.completionTokens,
          0,
        ],
      );
    }
  };
  const contents = (rows: readonly LogRow[]): readonly string[] =>
    rows.map((row) => (row.source === "usage" ? row.call.model : row.activity.content));
  const search = async (
    filter: LogFilter,
    range: Parameters<typeof aRange>[0] = {},
  ): Promise<readonly string[]> =>
    contents((await useCases.readLog.search(filter, aRange(range))).rows);
  const say = async (content: string, fields: { readonly userId?: number } = {}): Promise<void> => {
    await useCases.appendActivity({
      kind: "manage",
      userId,
      content,
      channelId: 0,
      model: "",
      durationMs: 0,
      ...fields,
    });
  };

  it("merges calls and activity, newest first, and cuts the same page out of both", async () => {
    const nowMs = fixture.clock.nowMs();
    await settle(aCall({ userId, createdAtMs: nowMs, model: "m1" }));
    await fixture.clock.advance(1000);
    await say("a1");
    await fixture.clock.advance(1000);
    await settle(aCall({ userId, createdAtMs: fixture.clock.nowMs(), model: "m2" }));
    await fixture.clock.advance(1000);
    await say("a2");
    assert.deepEqual(await search({}), ["a2", "m2", "a1", "m1"]);
    assert.deepEqual(await search({ userId }, { offset: 1, limit: 2 }), ["m2", "a1"]);
    assert.deepEqual(await search({ kind: "consume" }), ["m2", "m1"]);
    assert.deepEqual(await search({ kind: "manage" }), ["a2", "a1"]);
    assert.deepEqual(await search({ kind: "top-up" }), []);
    assert.deepEqual(await search({ username: "alice", model: "m1" }), ["m1"]);
    assert.deepEqual(await search({ keyName: "work" }), ["m2", "m1"]);
    assert.deepEqual(await search({}, { keyword: "a" }), ["a2", "a1"]);
    assert.deepEqual(await search({}, { keyword: "%" }), []);
    const seconds = Math.floor(nowMs / 1000);
    assert.deepEqual(await search({ fromSeconds: seconds, toSeconds: seconds }), ["m1"]);
    assert.deepEqual(await search({ fromSeconds: seconds + 2 }), ["a2", "m2"]);
    const page = await useCases.readLog.search({}, aRange({ hasTotal: true, limit: 1 }));
    assert.equal(page.total, 4);
  });

  it("numbers grow with time and fit a JavaScript integer", async () => {
    const { rows } = await useCases.readLog.search({}, aRange());
    const numbers = rows.map((row) =>
      logNumber(row.source === "usage" ? row.call.requestId : row.activity.id),
    );
    assert.deepEqual(
      numbers,
      numbers.toSorted((left, right) => right - left),
    );
    assert.ok(numbers.every(Number.isSafeInteger));
    const lastOf2100 = uuidV7Bytes(Date.UTC(2100, 11, 31));
    assert.ok(Number.isSafeInteger(logNumber(lastOf2100)));
  });

  it("finds one call by its id, with every field and every try", async () => {
    const call = aCall({
      userId,
      createdAtMs: fixture.clock.nowMs(),
      model: "m3",
      costNanos: nanoUsd(9_000_000_000_000_000_001n),
      errorReason: "UPSTREAM_OVERLOADED",
      isStream: false,
    });
    await settle(call);
    const lost = { status: 529, reason: "UPSTREAM_OVERLOADED", upstreamCostNanos: ZERO };
    const attempts = [
      { ...lost, channelId: 5, elapsedMs: 12 },
      { ...lost, channelId: 6, elapsedMs: 15 },
    ];
    for (const [index, attempt] of attempts.entries()) {
      await fixture.database.execute(
        `insert into upstream_attempts (request_id, attempt, channel_id, status, reason, elapsed_ms)
         values (?, ?, ?, ?, ?, ?)`,
        [
          call.requestId,
          index,
          attempt.channelId,
          attempt.status,
          attempt.reason,
          attempt.elapsedMs,
        ],
      );
    }
    const { rows } = await useCases.readLog.search({ requestId: call.requestId }, aRange());
    const [row] = rows;
    assert.ok(row?.source === "usage");
    assert.deepEqual(
      { ...row.call, requestId: 0, batchId: 0 },
      { ...call, attempts, requestId: 0, batchId: 0 },
    );
    assert.deepEqual(await search({ isFailed: true }), ["m3"]);
    const dearest = await search({}, { sort: "cost_nanos", isDescending: true, limit: 1 });
    assert.deepEqual(dearest, ["m3"]);
    await fixture.database.execute("delete from usage_log where model = ?", ["m3"]);
    await fixture.database.execute("delete from usage_hour where model = ?", ["m3"]);
    await fixture.database.execute("delete from usage_day where model = ?", ["m3"]);
  });

  it("sums from roll-ups are what the rows add up to, whatever the edges of the window", async () => {
    const offsets = [
      0,
      59,
      hour - 1,
      hour,
      5 * hour + 17,
      day - 1,
      day,
      day + 7 * hour,
      2 * day - 1,
    ];
    for (const offset of offsets) {
      await settle(
        aCall({
          userId,
          createdAtMs: (start + offset) * 1000 + 1,
          model: offset % 2 === 0 ? "even" : "odd",
          costNanos: nanoUsd(BigInt(offset + 1)),
        }),
      );
    }
    const windows: readonly LogFilter[] = [
      {},
      { fromSeconds: start },
      { fromSeconds: start + 1, toSeconds: start + 2 * day },
      { fromSeconds: start + 60, toSeconds: start + hour },
      { fromSeconds: start + hour - 1, toSeconds: start + day + 7 * hour },
      { fromSeconds: start + 10, toSeconds: start + 50 },
      { userId, model: "even", fromSeconds: start + 59, toSeconds: start + 2 * day - 2 },
      { toSeconds: start + day - 1 },
      { fromSeconds: start + 2 * day },
    ];
    for (const filter of windows) {
      const rolledUp = await useCases.readLog.sum(filter);
      // Every row has this group, which roll-ups do not know, so this sum is made from rows.
      const fromRows = await useCases.readLog.sum({ ...filter, group: "default" });
      assert.deepEqual(rolledUp, fromRows, JSON.stringify(filter));
    }
    const all = await useCases.readLog.sum({ fromSeconds: start, toSeconds: start + 2 * day - 1 });
    assert.equal(all.requests, offsets.length);
    assert.equal(all.tokens, offsets.length * 15);
  });

  it("the pace is that of the last minute alone", async () => {
    const sum = await useCases.readLog.sum({ username: "alice" });
    assert.equal(sum.requestsLastMinute, 2);
    assert.equal(sum.tokensLastMinute, 30);
    const activity = await useCases.readLog.sum({ kind: "manage" });
    assert.deepEqual(activity, {
      costNanos: 0n,
      requests: 0,
      tokens: 0,
      requestsLastMinute: 0,
      tokensLastMinute: 0,
    });
  });

  it("a series is sorted by time and model and leaves empty buckets out", async () => {
    const query = { userId, fromSeconds: start, toSeconds: start + 2 * day };
    const days = await useCases.readLog.series({ ...query, bucket: "day" });
    assert.deepEqual(
      days.map(({ atSeconds, model, requests }) => [(atSeconds - start) / day, model, requests]),
      [
        [0, "even", 2],
        [0, "odd", 4],
        [1, "even", 2],
        [1, "odd", 1],
      ],
    );
    const hours = await useCases.readLog.series({ ...query, bucket: "hour" });
    assert.equal(
      hours.reduce((sum, { requests }) => sum + requests, 0),
      days.reduce((sum, { requests }) => sum + requests, 0),
    );
    await assert.rejects(
      useCases.readLog.series({ ...query, toSeconds: start + 30_000 * hour, bucket: "hour" }),
      (error) => isQuotaFault("LOG_FILTER_INVALID", error),
    );
  });

  it("consumption is not shown while the option is off, and is still there", async () => {
    await useCases.setOption({ key: "LogConsumeEnabled", value: "false", actorId: 0 });
    assert.deepEqual(await search({}), ["a2", "a1"]);
    assert.deepEqual(await search({ kind: "consume" }), []);
    await useCases.setOption({ key: "LogConsumeEnabled", value: "true", actorId: 0 });
    assert.equal((await search({ kind: "consume" }, { limit: 2 })).length, 2);
  });

  it("a watcher sees the new rows of its user, and a slow one misses rows rather than memory", async () => {
    const stop = new AbortController();
    const rows = useCases.watchLog(userId, stop.signal);
    const first = rows.next();
    await say("of somebody else", { userId: userId + 1 });
    await say("live");
    const { value } = await first;
    assert.ok(value?.source === "activity");
    assert.equal(value.activity.content, "live");
    const call = aCall({ userId, createdAtMs: fixture.clock.nowMs() });
    fixture.settled.publish(Array.from({ length: 1000 }, () => call));
    let seen = 0;
    const reading = (async () => {
      for await (const row of rows) {
        assert.equal(row.source, "usage");
        seen += 1;
        if (seen === 256) {
          stop.abort();
        }
      }
    })();
    await reading;
    assert.equal(seen, 256);
  });

  it("deletes activity before a moment and never consumption", async () => {
    const before = await useCases.readLog.sum({});
    const nowSeconds = Math.floor(fixture.clock.nowMs() / 1000);
    assert.equal(await useCases.deleteActivity(nowSeconds - 3600), 0);
    assert.equal(await useCases.deleteActivity(nowSeconds + 10), 4);
    assert.deepEqual(await search({ kind: "manage" }), []);
    assert.deepEqual(await useCases.readLog.sum({}), before);
    await assert.rejects(useCases.deleteActivity(0), (error) =>
      isQuotaFault("ACTIVITY_INVALID", error),
    );
  });

  it("the billing summary is the key's, or the user's where the operator says so", async () => {
    const { key } = await useCases.createKey(
      aKey({ userId, isUnlimited: false, remainingNanos: usd(4) }),
    );
    const name = { keyId: key.id, userId };
    assert.deepEqual(await useCases.readBillingSummary(name), {
      isOfKey: true,
      isUnlimited: false,
      remainingNanos: usd(4),
      usedNanos: 0n,
      accessUntil: 0,
      isInCurrency: true,
    });
    await useCases.setOption({ key: "DisplayTokenStatEnabled", value: "false", actorId: 0 });
    await fixture.database.execute(
      "update wallets set posted_nanos = ?, used_nanos = ? where user_id = ?",
      [usd(7), usd(2), userId],
    );
    const ofUser = await useCases.readBillingSummary(name);
    assert.deepEqual(
      [ofUser.isOfKey, ofUser.remainingNanos, ofUser.usedNanos],
      [false, usd(7), usd(2)],
    );
    await assert.rejects(useCases.readBillingSummary({ ...name, userId: userId + 1 }), (error) =>
      isQuotaFault("KEY_NOT_FOUND", error),
    );
  });
});

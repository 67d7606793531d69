import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bigintColumn, integerColumn } from "@tollgate/kit/sql/column-value";
import type { SqlRow } from "@tollgate/kit/sql/database";
import { eventually } from "@tollgate/kit/testing/eventually";
import { defaultRatioOptions } from "#domain/default-ratios.ts";
import { isQuotaFault } from "#domain/faults.ts";
import { bases, noUsage } from "#domain/usage.ts";
import { aCall, aRelay, ended, openMoneyFixture } from "../../testing/money-fixture.ts";
import type { FakeRelay, MoneyFixture } from "../../testing/money-fixture.ts";
import type { ChannelCost } from "./channel-costs.ts";

let fixture: MoneyFixture;
let relay: FakeRelay;
let userId: number;
let nextSeq = 0;

before(async () => {
  fixture = await openMoneyFixture();
  userId = await fixture.addUser(10n ** 12n);
  relay = aRelay(fixture);
  await relay.hello();
});

after(async () => {
  assert.deepEqual(await fixture.violations(), []);
  await fixture.close();
});

const set = async (channelId: number, costs: readonly ChannelCost[]): Promise<void> =>
  fixture.money.costs.set({ channelId, costs, actorId: 1 });

function cost(fields: Partial<ChannelCost>): ChannelCost {
  return { model: "", multiplierPpm: 1_000_000, priceJson: "", ...fields };
}

/** Settles a call; answers what its upstreams charge. */
async function settle(fields: Partial<Parameters<typeof aCall>[0]>): Promise<bigint> {
  const call = aCall({ userId, leaseNo: 0, ...fields, requestId: newRequestId() });
  await relay.ship(nextSeq, [ended(call)]);
  nextSeq += 1;
  const [row] = await fixture.database.query<SqlRow>(
    "select upstream_cost_nanos as cost from usage_log where request_id = ?",
    [call.requestId],
  );
  return bigintColumn(row?.["cost"]);
}

function newRequestId(): Uint8Array {
  return aCall({ userId: 0 }).requestId;
}

test("a channel without a cost charges the list price, whatever the customer pays", async () => {
  assert.equal(await settle({ channelId: 3 }), 700_000n);
  const { transactions, books, changes } = fixture.money;
  const options = {
    ...defaultRatioOptions,
    ModelRatio: '{"gpt-4o": 12.5}',
    UnknownModelPolicy: "default-ratio",
  };
  const version = await transactions.run(async (tx) => books.publish({ options }, tx));
  await changes.flush();
  assert.equal(await settle({ channelId: 3, priceVersion: version }), 700_000n);
});

test("a multiplier and a price of its own, for one model or for all, are what the channel charges", async () => {
  await set(4, [
    cost({ multiplierPpm: 800_000 }),
    cost({ model: "gpt-4o-mini", priceJson: '{"input": 0.1, "output": "0.2"}' }),
  ]);
  assert.equal(await settle({ channelId: 4 }), 560_000n);
  // 200 × 100 + 20 × 200
  assert.equal(await settle({ channelId: 4, pricedModel: "gpt-4o-mini" }), 24_000n);
  await set(4, []);
  assert.equal(await settle({ channelId: 4 }), 700_000n);
});

test("a call that the customer does not pay may cost us all the same", async () => {
  assert.equal(await settle({ channelId: 3, basis: bases.crashUndelivered }), 700_000n);
});

test("a lost try costs what its upstream read if it had taken the call, else nothing", async () => {
  await set(8, [cost({ multiplierPpm: 2_000_000 })]);
  const refused = { channelId: 9, status: 429, reason: "RATE_LIMITED", elapsedMs: 5 };
  const late = { channelId: 8, status: 0, reason: "HEADERS_TIMEOUT", elapsedMs: 60_000 };
  const served = { channelId: 3, status: 200, reason: "", elapsedMs: 900 };
  // 700,000 of the one that served, and 200 × 2,500 × 2 of the one that was too late.
  assert.equal(await settle({ channelId: 3, attempts: [refused, late, served] }), 1_700_000n);
  const rows = await fixture.database.query<SqlRow>(
    `select channel_id, upstream_cost_nanos as cost from upstream_attempts
      order by request_id, attempt`,
  );
  assert.deepEqual(
    rows.map((row) => [integerColumn(row["channel_id"]), bigintColumn(row["cost"])]),
    [
      [9, 0n],
      [8, 1_000_000n],
      [3, 700_000n],
    ],
  );
});

test("a call that nobody served costs nothing", async () => {
  const attempts = [{ channelId: 3, status: 500, reason: "SERVER_ERROR", elapsedMs: 5 }];
  const fields = { basis: bases.failed, usage: noUsage, attempts };
  assert.equal(await settle({ ...fields, channelId: 3, errorReason: "SERVER_ERROR" }), 0n);
  assert.equal(await settle({ ...fields, channelId: 0 }), 0n);
});

test("another replica costs by what was set within a poll", async () => {
  const replica = await fixture.openAgain();
  await set(5, [cost({ multiplierPpm: 1 })]);
  await replica.changes.flush();
  await eventually(() => replica.costs.list(5).length > 0);
  assert.equal(replica.costs.rateOf(5, "any")?.multiplier.ppm, 1);
});

test("costs that are none are refused and change nothing", async () => {
  await set(6, [cost({ multiplierPpm: 5 })]);
  for (const costs of [
    [cost({ multiplierPpm: -1 })],
    [cost({ multiplierPpm: 10 ** 9 + 1 })],
    [cost({ priceJson: "{" })],
    [cost({ priceJson: '{"input": -1}' })],
    [cost({}), cost({})],
  ]) {
    await assert.rejects(set(6, costs), (error) => isQuotaFault("COST_INVALID", error));
  }
  await assert.rejects(set(0, []), (error) => isQuotaFault("COST_INVALID", error));
  assert.equal(fixture.money.costs.rateOf(6, "any")?.multiplier.ppm, 5);
});

test("a margin is one sum over the days, by channel, model or customer", async () => {
  const other = await fixture.addUser(10n ** 12n);
  await settle({
    userId: other,
    channelId: 77,
    model: "sold",
    usage: { ...noUsage, inputTokens: 2 },
  });
  const { margins } = fixture.money;
  const day = 1_700_000_000 - (1_700_000_000 % 86_400);
  const window = { fromSeconds: day, toSeconds: day };
  const byChannel = await margins.readMargin({ ...window, by: "channel" });
  assert.deepEqual(
    byChannel.find(({ id }) => id === 77),
    { id: 77, name: "", requests: 1, costNanos: 5000n, upstreamCostNanos: 5000n },
  );
  const byModel = await margins.readMargin({ ...window, by: "model" });
  assert.deepEqual(
    byModel.find(({ name }) => name === "sold"),
    { id: 0, name: "sold", requests: 1, costNanos: 5000n, upstreamCostNanos: 5000n },
  );
  const byUser = await margins.readMargin({ ...window, by: "user" });
  assert.deepEqual(
    byUser.find(({ id }) => id === other),
    { id: other, name: `user${other}`, requests: 1, costNanos: 5000n, upstreamCostNanos: 5000n },
  );
  const [sums] = await fixture.database.query<SqlRow>(
    "select sum(upstream_cost_nanos) as total from usage_log",
  );
  const sum = byModel.reduce((all, row) => all + row.upstreamCostNanos, 0n);
  assert.equal(sum, bigintColumn(sums?.["total"]));
  const none = { fromSeconds: day - 86_400, toSeconds: day - 86_400 };
  assert.deepEqual(await margins.readMargin({ ...none, by: "user" }), []);
});

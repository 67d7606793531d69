import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { integerColumn } from "@tollgate/kit/sql/column-value";
import type { SqlRow } from "@tollgate/kit/sql/database";
import { eventually } from "@tollgate/kit/testing/eventually";
import { defaultRatioOptions } from "#domain/default-ratios.ts";
import { isQuotaFault } from "#domain/faults.ts";
import { initialOptions } from "#domain/option.ts";
import { resolvePrice } from "#domain/price-book.ts";
import { createOptionStore } from "#store/sql/option-store.ts";
import { silentLogger } from "#testing/open-test-database.ts";
import { openReadOption } from "#usecases/options/read-option.ts";
import type { ReadOption } from "#usecases/options/read-option.ts";
import { aCall, aRelay, ended, openMoneyFixture } from "../../testing/money-fixture.ts";
import type { MoneyFixture } from "../../testing/money-fixture.ts";
import type { PublishPrices } from "./publish-prices.ts";
import { createPublishPrices, startFollowingDuePrices } from "./publish-prices.ts";

// Every replica polls twice a second, so hours would be long.
const soonMs = 4000;
const dayMs = 86_400_000;

const ppmOne = 1_000_000n;
const listPrice: Charged = { input: 2_500_000n, group: ppmOne };
const dearer: Charged = { input: 10_000_000n, group: ppmOne };

let fixture: MoneyFixture;
let options: ReadOption;
let publishPrices: PublishPrices;

before(async () => {
  fixture = await openMoneyFixture();
  const { database, clock, money } = fixture;
  const store = createOptionStore(database, clock);
  const initial = initialOptions(defaultRatioOptions);
  const ports = { ...money, store, initial, clock, logger: silentLogger };
  options = await openReadOption(ports);
  publishPrices = createPublishPrices({ ...ports, options });
});

/** Every test starts at the list prices; what an earlier one scheduled has come into force. */
beforeEach(async () => {
  await publish({ ...defaultRatioOptions });
  await pass(1000);
  await charges(listPrice);
});

after(async () => {
  assert.deepEqual(await fixture.violations(), []);
  options.close();
  await fixture.close();
});

const publish = async (changes: Record<string, string>, inMs = 0): Promise<number> =>
  publishPrices({
    options: changes,
    effectiveAtMs: inMs === 0 ? 0 : fixture.clock.nowMs() + inMs,
    actorId: 1,
  });

async function countVersions(): Promise<number> {
  return (await fixture.database.query("select version from price_versions")).length;
}

function inputPrice(): bigint | undefined {
  return resolvePrice(fixture.money.books.current(), "gpt-4o", 1)?.input;
}

function groupPpm(): bigint | undefined {
  return fixture.money.books.current().groupPpm.get("default");
}

/** Time passes, and the news of that time are told; what they make others read comes in when it does. */
async function pass(ms: number): Promise<void> {
  await fixture.clock.advance(ms);
  await fixture.money.changes.flush();
}

interface Charged {
  readonly input: bigint;
  readonly group: bigint;
}

/** The price of gpt-4o and the multiplier of its users become these. */
async function charges(expected: Charged): Promise<void> {
  await eventually(() => inputPrice() === expected.input && groupPpm() === expected.group);
}

test("a version for later is told at once, and in force from its time on", async () => {
  const heard: number[] = [];
  fixture.money.books.onPublished(({ version }) => heard.push(version));
  const version = await publish({ ModelRatio: '{"gpt-4o": 5}' }, soonMs);
  await pass(1000);
  await eventually(() => heard.length > 0);
  assert.equal(inputPrice(), listPrice.input);
  await pass(soonMs);
  await charges(dearer);
  assert.equal(fixture.money.books.current().version, version);
  assert.deepEqual(heard, [version]);
});

test("a change in between is not undone when a version's time comes", async () => {
  await publish({ GroupRatio: '{"default": 2}' }, soonMs);
  await publish({ ModelRatio: '{"gpt-4o": 5}' });
  await pass(1000);
  await charges(dearer);
  await pass(soonMs);
  await charges({ ...dearer, group: 2n * ppmOne });
});

test("changes for different times come one upon the other, whatever order they were made in", async () => {
  await publish({ ModelRatio: '{"gpt-4o": 5}' }, 2 * soonMs);
  await publish({ GroupRatio: '{"default": 3}' }, soonMs);
  await pass(soonMs + 1000);
  await charges({ ...listPrice, group: 3n * ppmOne });
  await pass(soonMs);
  await charges({ ...dearer, group: 3n * ppmOne });
});

test("the options follow a version that has come into force, once", async () => {
  const stop = startFollowingDuePrices({
    pricing: fixture.money.pricing,
    publishPrices,
    clock: fixture.clock,
    logger: silentLogger,
  });
  const countBefore = await countVersions();
  await publish({ GroupRatio: '{"default": 2}' }, soonMs);
  await pass(soonMs + 6000);
  await eventually(() => options.text("GroupRatio") === '{"default": 2}');
  await charges({ ...listPrice, group: 2n * ppmOne });
  await pass(12_000);
  assert.equal(await countVersions(), countBefore + 2);
  stop();
});

test("a change right after a version's time keeps what was scheduled", async () => {
  await publish({ GroupRatio: '{"default": 2}' }, soonMs);
  await pass(soonMs + 1000);
  await publish({ ModelRatio: '{"gpt-4o": 5}' });
  await pass(1000);
  await charges({ ...dearer, group: 2n * ppmOne });
  assert.equal(options.text("GroupRatio"), '{"default": 2}');
});

test("what is no pricing option, no price or too far ahead changes nothing", async () => {
  const versionsBefore = fixture.money.books.timeline().versions;
  const refused = [
    ["OPTION_UNKNOWN", publish({ QuotaPerUnit: "1" })],
    ["OPTION_INVALID", publish({ GroupRatio: '{"default": 2}', ModelPrice: '{"x": {"in": 1}}' })],
    ["OPTION_INVALID", publish({ UserRatio: '{"bob": 1}' })],
    ["EFFECTIVE_TIME_INVALID", publish({}, 400 * dayMs)],
  ] as const;
  for (const [reason, attempt] of refused) {
    await assert.rejects(attempt, (error) => isQuotaFault(reason, error), reason);
  }
  assert.deepEqual(fixture.money.books.timeline().versions, versionsBefore);
  assert.equal(options.text("GroupRatio"), defaultRatioOptions.GroupRatio);
});

test("own prices come before the list, and an import of ratios moves them without losing the rest", async () => {
  const own = { "gpt-4o": { input: "3", cache_read: "0.3", output: "9", call: "0.001" } };
  await publish({ ModelPrice: JSON.stringify(own) });
  await pass(1000);
  await eventually(() => inputPrice() === 3_000_000n);
  const price = resolvePrice(fixture.money.books.current(), "gpt-4o", 1);
  assert.deepEqual(
    [price?.input, price?.cacheRead, price?.output, price?.call],
    [3_000_000n, 300_000n, 9_000_000n, 1_000_000_000n],
  );
  await publish({ ModelRatio: '{"gpt-4o": 3}' });
  await pass(1000);
  await eventually(() => inputPrice() === 6_000_000n);
  const moved = resolvePrice(fixture.money.books.current(), "gpt-4o", 1);
  assert.deepEqual(
    [moved?.input, moved?.cacheRead, moved?.output, moved?.call],
    [6_000_000n, 600_000n, 18_000_000n, 1_000_000_000n],
  );
});

test("a user's multiplier is charged on top of the group's, rounded up once", async () => {
  const userId = await fixture.addUser(10n ** 10n);
  const userRatio = JSON.stringify({ [userId]: 0.333333 });
  const version = await publish({ GroupRatio: '{"default": 0.7}', UserRatio: userRatio });
  const relay = aRelay(fixture);
  await relay.hello();
  const call = aCall({ userId, leaseNo: 0, priceVersion: version });
  await relay.ship(0, [ended(call)]);
  // 700,000 × 0.7 × 0.333333 = 163,333.17
  assert.equal((await fixture.wallet(userId)).usedNanos, 163_334n);
});

test("a call that starts ten minutes after its prices were replaced is marked, one before is not", async () => {
  const userId = await fixture.addUser(10n ** 10n);
  const relay = aRelay(fixture);
  await relay.hello();
  const { version } = fixture.money.books.current();
  await publish({ GroupRatio: '{"default": 2}' });
  const replacedAtMs = fixture.clock.nowMs();
  await pass(1000);
  await charges({ ...listPrice, group: 2n * ppmOne });
  const starts = [replacedAtMs + 599_000, replacedAtMs + 601_000];
  const calls = starts.map((startedAtMs) =>
    aCall({ userId, leaseNo: 0, priceVersion: version, requestId: uuidV7Bytes(startedAtMs) }),
  );
  await relay.ship(0, calls.map(ended));
  const rows = await fixture.database.query<SqlRow>(
    "select flags from usage_log where user_id = ? order by request_id",
    [userId],
  );
  assert.deepEqual(
    rows.map((row) => integerColumn(row["flags"]) & 16),
    [0, 16],
  );
  assert.equal((await fixture.wallet(userId)).usedNanos, 1_400_000n);
});

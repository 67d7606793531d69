import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually } from "@tollgate/kit/testing/eventually";
import { defaultRatioOptions } from "#domain/default-ratios.ts";
import { isQuotaFault } from "#domain/faults.ts";
import { resolvePrice } from "#domain/price-book.ts";
import type { PricingOptions } from "#domain/price-options.ts";
import { aCall, aRelay, ended, openMoneyFixture } from "../../testing/money-fixture.ts";
import type { MoneyFixture } from "../../testing/money-fixture.ts";

let fixture: MoneyFixture;

before(async () => {
  fixture = await openMoneyFixture();
});

after(async () => {
  const violations = await fixture.violations();
  await fixture.close();
  assert.deepEqual(violations, []);
});

function options(fields: Partial<PricingOptions> = {}): PricingOptions {
  return { ...defaultRatioOptions, UnknownModelPolicy: "default-ratio", ...fields };
}

async function publish(fields: Partial<PricingOptions>): Promise<void> {
  const { books, transactions, changes } = fixture.money;
  await transactions.run(async (tx) => books.publish({ options: options(fields) }, tx));
  await changes.flush();
  await fixture.clock.advance(0);
}

test("the first start publishes the list prices, later starts nothing", async () => {
  assert.equal(fixture.money.books.current().version, 1);
  const again = await fixture.openAgain();
  assert.equal(again.books.current().version, 1);
});

test("a new book is heard of by every replica, and the old one stays as it was", async () => {
  const replica = await fixture.openAgain();
  const heard: number[] = [];
  replica.books.onPublished(({ version }) => heard.push(version));
  await publish({ ModelRatio: '{"gpt-4o": 1}' });
  await replica.changes.flush();
  const current = await waitForBook(replica.books.current, 2);
  assert.equal(resolvePrice(current, "gpt-4o", 1)?.input, 2_000_000n);
  assert.deepEqual(heard, [2]);
  const old = await fixture.money.books.get(1);
  assert.equal(resolvePrice(old, "gpt-4o", 1)?.input, 2_500_000n);
});

test("a call is priced by the book of its start, whatever is current when it is settled", async () => {
  const userId = await fixture.addUser(10n ** 10n);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.ship(0, [ended(aCall({ userId, leaseNo: 0, priceVersion: 1 }))]);
  assert.equal((await fixture.wallet(userId)).usedNanos, 700_000n);
  await relay.ship(1, [ended(aCall({ userId, leaseNo: 0, priceVersion: 2 }))]);
  assert.equal((await fixture.wallet(userId)).usedNanos, 700_000n + 560_000n);
});

test("a call of an unknown book is posted with the relay's figure and counted as differing", async () => {
  const userId = await fixture.addUser(10n ** 10n);
  const relay = aRelay(fixture);
  await relay.hello();
  const call = aCall({ userId, leaseNo: 0, priceVersion: 999 });
  assert.equal((await relay.ship(0, [ended(call)])).costMismatches, 1);
  assert.equal((await fixture.wallet(userId)).usedNanos, call.costNanos);
});

test("options that are no prices publish nothing", async () => {
  const before = fixture.money.books.current().version;
  await assert.rejects(publish({ GroupRatio: "[]" }), (error) =>
    isQuotaFault("OPTION_INVALID", error),
  );
  assert.equal(fixture.money.books.current().version, before);
});

test("a version that does not exist is refused", async () => {
  await assert.rejects(fixture.money.books.get(12_345), (error) =>
    isQuotaFault("PRICE_VERSION_UNKNOWN", error),
  );
});

test("a group's multiplier applies to the whole call", async () => {
  const userId = await fixture.addUser(10n ** 10n);
  await publish({ GroupRatio: '{"default": 1, "vip": 0.5}' });
  const { version } = await waitForBook(fixture.money.books.current, 3);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.ship(0, [ended(aCall({ userId, leaseNo: 0, group: "vip", priceVersion: version }))]);
  assert.equal((await fixture.wallet(userId)).usedNanos, 350_000n);
});

/** A new book is read in the background after it was announced. */
async function waitForBook<Book extends { readonly version: number }>(
  current: () => Book,
  version: number,
): Promise<Book> {
  await eventually(() => current().version >= version);
  return current();
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import { PriceBookSchema } from "@tollgate/proto/type/v1/price";
import type { PriceBook } from "@tollgate/proto/type/v1/price";
import { createPriceBooks } from "#ledgering/price-books.ts";

const hourMs = 3_600_000;

function setUp() {
  const clock = createFakeClock();
  const asked: string[] = [];
  const books = createPriceBooks({
    clock,
    resolvePrice: async ({ model }) => {
      asked.push(model);
      return undefined;
    },
  });
  const accept = (version: number, effectiveInMs: number, multipliers: Multipliers = {}): void => {
    books.accept(aBook(version, clock.nowMs() + effectiveInMs, multipliers));
  };
  return { clock, asked, books, accept };
}

type Multipliers = Partial<Pick<PriceBook, "groupMultiplierPpm" | "userMultiplierPpm">>;

function aBook(version: number, effectiveAtMs: number, multipliers: Multipliers): PriceBook {
  const effectiveAt = timestampFromMs(effectiveAtMs);
  return create(PriceBookSchema, { ...multipliers, version: BigInt(version), effectiveAt });
}

test("a book that came before its time is in force from then on, without being asked for", async () => {
  const { clock, books, accept } = setUp();
  accept(1, -hourMs);
  accept(2, hourMs);
  assert.equal(books.currentVersion(), 1);
  await clock.advance(hourMs - 1);
  assert.equal(books.currentVersion(), 1);
  await clock.advance(1);
  assert.equal(books.currentVersion(), 2);
});

test("the book whose time came last is in force, not the one with the highest number", async () => {
  const { clock, books, accept } = setUp();
  accept(2, hourMs);
  accept(3, 0);
  assert.equal(books.currentVersion(), 3);
  await clock.advance(hourMs);
  assert.equal(books.currentVersion(), 2);
  accept(4, 0);
  assert.equal(books.currentVersion(), 4);
});

test("of two books of one time the higher version is in force", () => {
  const { books, accept } = setUp();
  accept(6, 0);
  accept(5, 0);
  assert.equal(books.currentVersion(), 6);
});

test("a clock that is behind quota's does not leave calls without prices", () => {
  const { books, accept } = setUp();
  assert.equal(books.currentVersion(), 0);
  accept(1, 30_000);
  assert.equal(books.currentVersion(), 1);
});

test("prices that were replaced a day ago and cannot be fetched stop admission until they can", async () => {
  const { clock, books, accept } = setUp();
  accept(1, 0);
  books.heard(2);
  await clock.advance(20 * hourMs);
  books.heard(3);
  assert.equal(books.currentVersion(), 1);
  await clock.advance(4 * hourMs + 1);
  assert.equal(books.currentVersion(), 0);
  accept(3, 0);
  assert.equal(books.currentVersion(), 3);
});

test("a version that is at hand is not missed", async () => {
  const { clock, books, accept } = setUp();
  accept(1, 0);
  books.heard(2);
  books.heard(1);
  await clock.advance(30 * hourMs);
  assert.equal(books.currentVersion(), 1);
});

test("group and user multiply exactly, and who is unknown pays the list price", () => {
  const { books, accept } = setUp();
  accept(1, 0, {
    groupMultiplierPpm: { vip: 700_000n },
    userMultiplierPpm: { "7": 333_333n },
  });
  const ppmOf = (userId: number, group: string): number =>
    books.multiplier(1, { userId, group }).ppm;
  assert.equal(ppmOf(1, "vip"), 700_000);
  assert.equal(ppmOf(1, "default"), 1_000_000);
  assert.equal(ppmOf(7, "default"), 333_333);
  assert.equal(ppmOf(7, "vip"), 233_333);
  assert.equal(books.multiplier(1, { userId: 7, group: "vip" }).exactNumerator, 2_333_331n);
  assert.equal(books.multiplier(99, { userId: 7, group: "vip" }).ppm, 1_000_000);
});

test("books are forgotten from the lowest version on, but never the one in force", () => {
  const { books, accept } = setUp();
  accept(1, 0);
  for (let version = 2; version <= 40; version += 1) {
    accept(version, hourMs * version);
  }
  assert.equal(books.currentVersion(), 1);
  assert.ok(books.has(1) && books.has(40) && !books.has(2));
});

test("a model without a price of its own is asked for once", async () => {
  const { asked, books, accept } = setUp();
  accept(1, 0);
  const query = { version: 1, model: "new", channelType: 1 };
  assert.equal(books.find(query), undefined);
  await Promise.all([books.resolve(query), books.resolve(query)]);
  assert.equal(books.find(query), null);
  assert.deepEqual(asked, ["new"]);
});

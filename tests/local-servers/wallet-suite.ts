import assert from "node:assert/strict";
import { it } from "node:test";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import {
  addToExisting,
  forUpdate,
  insertIgnore,
  insertRows,
  upsertAdd,
} from "@tollgate/kit/sql/sql-dialect";
import { Wallet } from "@tollgate/kit/testing/wallet-entity";
import type { TestServer, WalletDatabase } from "./wallet-database.ts";

/** The largest amount that a column holds. */
const largest = 9_223_372_036_854_775_807n;
const shape = { table: "wallets", columns: ["owner", "balance"] };
const rowsBeyondOneStatement = 600;

/** What every server has to do alike; `open` is called within the tests. */
export function testEveryServer(open: () => WalletDatabase<TestServer>): void {
  it("has the schema of its entities after concurrent starts, migrated once", async () => {
    const { db } = open();
    assert.equal(await db.orm.schema.getUpdateSchemaSQL(), "");
    assert.equal((await db.query("select name from test_migrations")).length, 1);
  });

  it("writes more rows than one statement holds, as they are, and adds to those that exist", async () => {
    const { db, balanceOf } = open();
    const head = "insert into wallets (owner, balance) values ";
    const tail = addToExisting(db.dialect, { ...shape, keys: ["owner"], add: ["balance"] });
    const owner = "'\\\"? 模型 🙂\n";
    const many = Array.from({ length: rowsBeyondOneStatement }, (_, index) => [
      `bulk ${index}`,
      BigInt(index),
    ]);
    await db.transaction(async (tx) => {
      await tx.insert({ head, row: "(?, ?)", tail: "", rows: many });
      await tx.insert({ head, row: "(?, 7)", tail: "", rows: [["fixed"], [owner]] });
      await tx.insert({ head, row: "(?, ?)", tail, rows: [[owner, largest - 7n]] });
    });
    assert.equal(await balanceOf("bulk 599"), 599n);
    assert.equal(await balanceOf("fixed"), 7n);
    assert.equal(await balanceOf(owner), largest);
  });

  it("keeps money exact at the int64 limit, raw and through the ORM", async () => {
    const { db, balanceOf } = open();
    await db.execute(insertRows({ ...shape, rowCount: 1 }), ["raw", largest - 1n]);
    await db.execute("update wallets set balance = balance + ? where owner = ?", [1n, "raw"]);
    assert.equal(await balanceOf("raw"), largest);
    const em = db.em();
    em.create(Wallet, { owner: "orm", balance: nanoUsd(largest), changedAtMs: 2n ** 60n + 1n });
    await em.flush();
    const wallet = await db.em().findOneOrFail(Wallet, { owner: "orm" });
    assert.deepEqual([wallet.balance, wallet.changedAtMs], [largest, 2n ** 60n + 1n]);
  });

  it("tells keys apart by case, as SQLite does, and takes texts literally", async () => {
    const { db, balanceOf } = open();
    await db.execute(insertRows({ ...shape, rowCount: 2 }), ["Case", 1n, "case", 2n]);
    assert.equal(await balanceOf("Case"), 1n);
    const owner = "o'\\\"; drop table wallets -- ? 中文 🙂";
    await db.execute(insertRows({ ...shape, rowCount: 1 }), [owner, 3n]);
    assert.equal(await balanceOf(owner), 3n);
  });

  it("an update counts the rows that it matched, insertIgnore only new ones, and upsertAdd adds", async () => {
    const { db, balanceOf } = open();
    await db.execute(insertRows({ ...shape, rowCount: 1 }), ["there", 1n]);
    const update = "update wallets set balance = ? where owner = ?";
    assert.equal((await db.execute(update, [1n, "there"])).affectedRows, 1);
    assert.equal((await db.execute(update, [1n, "nobody"])).affectedRows, 0);
    const ignore = insertIgnore(db.dialect, { ...shape, rowCount: 2 });
    assert.equal((await db.execute(ignore, ["there", 5n, "new", 6n])).affectedRows, 1);
    const add = { ...shape, rowCount: 1, keys: ["owner"], add: ["balance"] };
    await db.execute(upsertAdd(db.dialect, add), ["new", 10n]);
    assert.equal(await balanceOf("new"), 16n);
  });

  it("a failed statement takes its whole transaction with it and leaves the connection usable", async () => {
    const { db } = open();
    const insert = insertRows({ ...shape, rowCount: 1 });
    await db.execute(insert, ["whole", 1n]);
    const twice = db.transaction(async (tx) => {
      await tx.run(insert, ["half", 1n]);
      await tx.run(insert, ["whole", 1n]);
    });
    await assert.rejects(twice, /unique|duplicate/iu);
    assert.deepEqual(await db.query("select 1 from wallets where owner = ?", ["half"]), []);
  });

  it("repeats a transaction that was the victim of a deadlock", async () => {
    const { db, balanceOf } = open();
    await db.execute(insertRows({ ...shape, rowCount: 2 }), ["left", 0n, "right", 0n]);
    const met = Promise.withResolvers<void>();
    let attempts = 0;
    let locks = 0;
    const touch = async (first: string, second: string): Promise<void> =>
      db.transaction(async (transaction) => {
        attempts += 1;
        const lock = `select id from wallets where owner = ?${forUpdate(db.dialect)}`;
        await db.query(lock, [first], transaction);
        locks += 1;
        if (locks === 2) {
          met.resolve();
        }
        await met.promise;
        await db.query(lock, [second], transaction);
        const add = "update wallets set balance = balance + 1 where owner in (?, ?)";
        await db.execute(add, ["left", "right"], transaction);
      });
    await Promise.all([touch("left", "right"), touch("right", "left")]);
    assert.equal(await balanceOf("left"), 2n);
    assert.ok(attempts > 2, "the two transactions did not meet");
  });
}

import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { UniqueConstraintViolationException } from "@mikro-orm/core";
import { createLogger } from "../logging/logger.ts";
import { nanoUsd } from "../money/nano-usd.ts";
import type { TemporaryDirectory } from "../testing/temporary-directory.ts";
import { createTemporaryDirectory } from "../testing/temporary-directory.ts";
import { bigintColumn } from "./column-value.ts";
import { createMigration } from "./create-migration.ts";
import type { Database, SqlRow, Transaction } from "./database.ts";
import { openDatabase } from "./database.ts";
import type { MigrationFolders } from "./orm-options.ts";
import { addToExisting, insertIgnore, insertRows, upsertAdd } from "./sql-dialect.ts";
import { Wallet } from "../testing/wallet-entity.ts";

const largest = 9_223_372_036_854_775_807n;
const logger = createLogger({ service: "test", level: "silent" });
const shape = { table: "wallets", columns: ["owner", "balance"] };

describe("a database on SQLite", () => {
  let folder: TemporaryDirectory;
  let migrations: MigrationFolders;
  let db: Database;

  before(async () => {
    folder = createTemporaryDirectory();
    const root = join(import.meta.dirname, "../../../../node_modules");
    symlinkSync(root, join(folder.path, "node_modules"));
    migrations = {
      sqlite: join(folder.path, "sqlite"),
      mysql: join(folder.path, "mysql"),
      postgresql: join(folder.path, "postgresql"),
    };
    const order = { service: "test", entities: [Wallet], migrations };
    assert.equal((await createMigration({ ...order, name: "initial" })).length, 3);
    assert.deepEqual(await createMigration({ ...order, name: "nothing_new" }), []);
    db = await open();
  });

  after(async () => {
    await db.close();
    folder.remove();
  });

  async function open(): Promise<Database> {
    return openDatabase({
      service: "test",
      sqlitePath: join(folder.path, "data", "test.db"),
      entities: [Wallet],
      migrations,
      logger,
      poolMax: 1,
    });
  }

  async function balanceOf(owner: string): Promise<bigint> {
    const rows = await db.query<{ balance: unknown }>(
      "select balance from wallets where owner = ?",
      [owner],
    );
    return bigintColumn(rows[0]?.balance);
  }

  it("writes many rows in order and adds to those that exist", async () => {
    const head = "insert into wallets (owner, balance) values ";
    const tail = addToExisting("sqlite", { ...shape, keys: ["owner"], add: ["balance"] });
    await db.transaction(async (tx) => {
      await tx.insert({ head, row: "(?, 7)", tail: "", rows: [["bulk-1"], ["bulk-2"]] });
      await tx.insert({
        head,
        row: "(?, ?)",
        tail,
        rows: [
          ["bulk-2", largest - 7n],
          ["bulk-3", 1],
        ],
      });
    });
    assert.equal(await balanceOf("bulk-1"), 7n);
    assert.equal(await balanceOf("bulk-2"), largest);
    assert.equal(await balanceOf("bulk-3"), 1n);
  });

  it("waits for the disk unless the work would be asked for again", async () => {
    const sqlitePath = join(folder.path, "data", "durable.db");
    const options = { service: "test", sqlitePath, entities: [Wallet], migrations, logger };
    const durable = await openDatabase({ ...options, poolMax: 1, isDurable: true });
    const readMode = async (tx?: Transaction): Promise<unknown> =>
      (await durable.query<SqlRow>("pragma synchronous", [], tx))[0]?.["synchronous"];
    assert.equal(await durable.transaction(readMode), 2);
    assert.equal(await durable.transaction(readMode, { isReplayable: true }), 1);
    const failure = durable.transaction(
      async () => {
        throw new Error("undone");
      },
      { isReplayable: true },
    );
    await assert.rejects(failure, /undone/u);
    assert.equal(await readMode(), 2);
    await durable.close();
  });

  it("has the schema of its entities after migrating an empty file", async () => {
    assert.equal(await db.orm.schema.getUpdateSchemaSQL(), "");
  });

  it("keeps money exact at the int64 limit through raw statements", async () => {
    await db.execute(insertRows({ ...shape, rowCount: 1 }), ["raw", largest - 1n]);
    await db.execute("update wallets set balance = balance + ? where owner = ?", [1n, "raw"]);
    assert.equal(await balanceOf("raw"), largest);
  });

  it("keeps money exact at the int64 limit through the ORM", async () => {
    const em = db.em();
    em.create(Wallet, { owner: "orm", balance: nanoUsd(largest), changedAtMs: 2n ** 60n + 1n });
    await em.flush();
    const wallet = await db.em().findOneOrFail(Wallet, { owner: "orm" });
    assert.equal(wallet.balance, largest);
    assert.equal(wallet.changedAtMs, 2n ** 60n + 1n);
    assert.equal(await balanceOf("orm"), largest);
    const found = await db.em().find(Wallet, { owner: "orm", balance: nanoUsd(largest) });
    assert.equal(found.length, 1);
    wallet.balance = nanoUsd(largest - 2n);
    await db.em().nativeUpdate(Wallet, { owner: "orm" }, { balance: nanoUsd(largest - 2n) });
    assert.equal(await balanceOf("orm"), largest - 2n);
  });

  it("reports a repeated unique key of the ORM as its own kind of error", async () => {
    const em = db.em();
    em.create(Wallet, { owner: "raw", balance: nanoUsd(1n) });
    await assert.rejects(em.flush(), UniqueConstraintViolationException);
  });

  it("undoes a transaction that throws", async () => {
    await assert.rejects(
      db.transaction(async (transaction) => {
        await db.execute(insertRows({ ...shape, rowCount: 1 }), ["gone", 1n], transaction);
        throw new Error("stop");
      }),
      /stop/u,
    );
    assert.deepEqual(await db.query("select 1 from wallets where owner = ?", ["gone"]), []);
  });

  it("never mixes statements of two concurrent transactions", async () => {
    await db.execute(insertRows({ ...shape, rowCount: 1 }), ["counter", 0n]);
    const increment = async (): Promise<void> =>
      db.transaction(async (transaction) => {
        const rows = await db.query<{ balance: unknown }>(
          "select balance from wallets where owner = ?",
          ["counter"],
          transaction,
        );
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        const next = bigintColumn(rows[0]?.balance) + 1n;
        await db.execute(
          "update wallets set balance = ? where owner = ?",
          [next, "counter"],
          transaction,
        );
      });
    const viaOrm = async (): Promise<void> =>
      db.em().transactional(async (em) => {
        const wallet = await em.findOneOrFail(Wallet, { owner: "counter" });
        wallet.balance = nanoUsd(wallet.balance + 1n);
      });
    await Promise.all([
      ...Array.from({ length: 20 }, increment),
      ...Array.from({ length: 5 }, viaOrm),
    ]);
    assert.equal(await balanceOf("counter"), 25n);
  });

  it("refuses to use a transaction after its end", async () => {
    const ended = await db.transaction(async (transaction) => transaction);
    await assert.rejects(db.execute("select 1", [], ended), /has ended/u);
  });

  it("insertIgnore counts only the rows that were new", async () => {
    const sql = insertIgnore(db.dialect, { ...shape, rowCount: 2 });
    const { affectedRows } = await db.execute(sql, ["raw", 5n, "new", 6n]);
    assert.equal(affectedRows, 1);
    assert.equal(await balanceOf("raw"), largest);
  });

  it("upsertAdd adds to what is stored and inserts the rest", async () => {
    const sql = upsertAdd(db.dialect, { ...shape, rowCount: 2, keys: ["owner"], add: ["balance"] });
    await db.execute(sql, ["new", 10n, "newer", 7n]);
    assert.equal(await balanceOf("new"), 16n);
    assert.equal(await balanceOf("newer"), 7n);
  });

  it("inserts 500 rows in one statement", async () => {
    const values = Array.from({ length: 500 }, (_, index) => [`many-${index}`, BigInt(index)]);
    const { affectedRows } = await db.execute(
      insertRows({ ...shape, rowCount: 500 }),
      values.flat(),
    );
    assert.equal(affectedRows, 500);
  });

  it("keeps its rows and applies nothing twice when opened again", async () => {
    await db.close();
    db = await open();
    assert.equal(await balanceOf("newer"), 7n);
    const applied = await db.query("select name from test_migrations");
    assert.equal(applied.length, 1);
  });
});

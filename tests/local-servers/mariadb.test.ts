import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createLogger } from "@tollgate/kit/logging/logger";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { bigintColumn } from "@tollgate/kit/sql/column-value";
import { createMigration } from "@tollgate/kit/sql/create-migration";
import type { Database } from "@tollgate/kit/sql/database";
import { openDatabase } from "@tollgate/kit/sql/database";
import {
  addToExisting,
  forUpdate,
  insertIgnore,
  insertRows,
  upsertAdd,
} from "@tollgate/kit/sql/sql-dialect";
import type { TemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import type { PrivateMariaDb } from "@tollgate/local/mariadb";
import { startMariaDb } from "@tollgate/local/mariadb";
import { Wallet } from "@tollgate/kit/testing/wallet-entity";

const largest = 9_223_372_036_854_775_807n;
const shape = { table: "wallets", columns: ["owner", "balance"] };
const logger = createLogger({ service: "test", level: "silent" });

describe("a database on MariaDB", () => {
  let server: PrivateMariaDb;
  let folder: TemporaryDirectory;
  let dsn: string;
  let db: Database;

  before(async () => {
    server = await startMariaDb();
    dsn = server.createDatabase("wallets_test");
    folder = createTemporaryDirectory();
    symlinkSync(join(import.meta.dirname, "../../node_modules"), join(folder.path, "node_modules"));
    const migrations = migrationFolders();
    await createMigration({ service: "test", name: "initial", entities: [Wallet], migrations });
    // Several replicas start at once.
    const [first, ...others] = await Promise.all([open(), open(), open()]);
    assert.ok(first);
    db = first;
    await Promise.all(others.map(async (other) => other.close()));
  });

  after(async () => {
    await db.close();
    await server.stop();
    folder.remove();
  });

  function migrationFolders() {
    const at = (name: string): string => join(folder.path, name);
    return { sqlite: at("sqlite"), mysql: at("mysql"), postgresql: at("postgresql") };
  }

  async function open(): Promise<Database> {
    return openDatabase({
      service: "test",
      dsn,
      entities: [Wallet],
      migrations: migrationFolders(),
      logger,
      poolMax: 8,
    });
  }

  async function balanceOf(owner: string): Promise<bigint> {
    const rows = await db.query<{ balance: unknown }>(
      "select balance from wallets where owner = ?",
      [owner],
    );
    return bigintColumn(rows[0]?.balance);
  }

  it("has the schema of its entities after concurrent starts, migrated once", async () => {
    assert.equal(await db.orm.schema.getUpdateSchemaSQL(), "");
    assert.equal((await db.query("select name from test_migrations")).length, 1);
  });

  it("writes many rows as they are and adds to those that exist", async () => {
    const head = "insert into wallets (owner, balance) values ";
    const tail = addToExisting("mysql", { ...shape, keys: ["owner"], add: ["balance"] });
    const owner = "'\\\"? 模型 🙂\n\0";
    await db.transaction(async (tx) => {
      await tx.insert({ head, row: "(?, 7)", tail: "", rows: [["bulk"], [owner]] });
      await tx.insert({ head, row: "(?, ?)", tail, rows: [[owner, largest - 7n]] });
    });
    assert.equal(await balanceOf("bulk"), 7n);
    assert.equal(await balanceOf(owner), largest);
  });

  it("keeps money exact at the int64 limit, raw and through the ORM", async () => {
    await db.execute(insertRows({ ...shape, rowCount: 1 }), ["raw", largest - 1n]);
    await db.execute("update wallets set balance = balance + ? where owner = ?", [1n, "raw"]);
    assert.equal(await balanceOf("raw"), largest);
    const em = db.em();
    em.create(Wallet, { owner: "orm", balance: nanoUsd(largest), changedAtMs: 2n ** 60n + 1n });
    await em.flush();
    const wallet = await db.em().findOneOrFail(Wallet, { owner: "orm" });
    assert.deepEqual([wallet.balance, wallet.changedAtMs], [largest, 2n ** 60n + 1n]);
  });

  it("tells keys apart by case, as SQLite does", async () => {
    await db.execute(insertRows({ ...shape, rowCount: 2 }), ["Case", 1n, "case", 2n]);
    assert.equal(await balanceOf("Case"), 1n);
  });

  it("takes texts literally, whatever they contain", async () => {
    const owner = "o'\\\"; drop table wallets -- ? 中文 🙂";
    await db.execute(insertRows({ ...shape, rowCount: 1 }), [owner, 3n]);
    assert.equal(await balanceOf(owner), 3n);
  });

  it("counts matched rows of an update that changes nothing", async () => {
    const sql = "update wallets set balance = ? where owner = ?";
    assert.equal((await db.execute(sql, [1n, "Case"])).affectedRows, 1);
    assert.equal((await db.execute(sql, [1n, "nobody"])).affectedRows, 0);
  });

  it("insertIgnore counts only new rows, and upsertAdd adds", async () => {
    const ignored = await db.execute(insertIgnore(db.dialect, { ...shape, rowCount: 2 }), [
      "Case",
      5n,
      "new",
      6n,
    ]);
    assert.equal(ignored.affectedRows, 1);
    const add = { ...shape, rowCount: 1, keys: ["owner"], add: ["balance"] };
    await db.execute(upsertAdd(db.dialect, add), ["new", 10n]);
    assert.equal(await balanceOf("new"), 16n);
  });

  it("repeats a transaction that was the victim of a deadlock", async () => {
    await db.execute(insertRows({ ...shape, rowCount: 2 }), ["left", 0n, "right", 0n]);
    let attempts = 0;
    const touch = async (first: string, second: string): Promise<void> =>
      db.transaction(async (transaction) => {
        attempts += 1;
        const lock = `select id from wallets where owner = ?${forUpdate(db.dialect)}`;
        await db.query(lock, [first], transaction);
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
        await db.query(lock, [second], transaction);
        const add = "update wallets set balance = balance + 1 where owner in (?, ?)";
        await db.execute(add, ["left", "right"], transaction);
      });
    await Promise.all([touch("left", "right"), touch("right", "left")]);
    assert.equal(await balanceOf("left"), 2n);
    assert.ok(attempts > 2, "the two transactions did not meet");
  });

  it("writes what it is given on a server whose own mode takes a backslash literally", async () => {
    server.run("set global sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES'");
    const other = await open();
    try {
      const owner = "back\\slash ' \" \n \0 end\\";
      const head = "insert into wallets (owner, balance) values ";
      await other.transaction(async (tx) => {
        await tx.insert({ head, row: "(?, ?)", tail: "", rows: [[owner, 1n]] });
      });
      const [mode] = await other.query<{ mode: unknown }>("select @@session.sql_mode as mode");
      assert.doesNotMatch(String(mode?.mode), /NO_BACKSLASH_ESCAPES|ANSI_QUOTES/u);
      assert.equal(await balanceOf(owner), 1n);
    } finally {
      await other.close();
      server.run("set global sql_mode = default");
    }
  });

  it("works again after the server dropped every connection", async () => {
    await db.query("select 1 as one");
    const ids = server.run("select id from information_schema.processlist where user = 'test'");
    for (const id of ids.trim().split("\n")) {
      server.run(`kill ${id}`);
    }
    await db.query("select 1 as one").catch(() => undefined);
    assert.equal((await db.query("select 1 as one")).length, 1);
  });
});

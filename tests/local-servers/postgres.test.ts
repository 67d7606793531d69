import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createLogger } from "@tollgate/kit/logging/logger";
import { bigintColumn, textColumn } from "@tollgate/kit/sql/column-value";
import { createMigration } from "@tollgate/kit/sql/create-migration";
import type { Database } from "@tollgate/kit/sql/database";
import { openDatabase } from "@tollgate/kit/sql/database";
import { addToExisting, forUpdate, insertIgnore, insertRows } from "@tollgate/kit/sql/sql-dialect";
import type { TemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { Wallet } from "@tollgate/kit/testing/wallet-entity";
import type { PrivatePostgres } from "@tollgate/local/postgres";
import { startPostgres } from "@tollgate/local/postgres";

const largest = 9_223_372_036_854_775_807n;
const shape = { table: "wallets", columns: ["owner", "balance"] };
const logger = createLogger({ service: "test", level: "silent" });

describe("a database on PostgreSQL", () => {
  let server: PrivatePostgres;
  let folder: TemporaryDirectory;
  let dsn: string;
  let db: Database;

  before(async () => {
    server = await startPostgres();
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

  it("waits for the disk at each commit", async () => {
    const [row] = await db.query<{ setting: unknown }>(
      "select string_agg(setting, ',' order by name) as setting from pg_settings where name in ('fsync', 'synchronous_commit')",
    );
    assert.equal(textColumn(row?.setting), "on,on");
  });

  it("writes more rows than one statement holds, as they are, and adds to those that exist", async () => {
    const head = "insert into wallets (owner, balance) values ";
    const tail = addToExisting("postgresql", { ...shape, keys: ["owner"], add: ["balance"] });
    const owner = "'\\\"? 模型 🙂";
    const many = Array.from({ length: 600 }, (_, index) => [`bulk ${index}`, BigInt(index)]);
    await db.transaction(async (tx) => {
      await tx.insert({ head, row: "(?, ?)", tail: "", rows: many });
      await tx.insert({ head, row: "(?, ?)", tail: "", rows: [[owner, 7n]] });
      await tx.insert({ head, row: "(?, ?)", tail, rows: [[owner, largest - 7n]] });
    });
    assert.equal(await balanceOf("bulk 599"), 599n);
    assert.equal(await balanceOf(owner), largest);
  });

  it("insertIgnore counts only new rows, and an update those that it matched", async () => {
    const ignore = insertIgnore("postgresql", { ...shape, rowCount: 2 });
    const rows = ["bulk 1", 5n, "Bulk 1", 6n];
    assert.equal((await db.execute(ignore, rows)).affectedRows, 1);
    const update = "update wallets set balance = ? where owner = ?";
    assert.equal((await db.execute(update, [6n, "Bulk 1"])).affectedRows, 1);
    assert.equal((await db.execute(update, [6n, "nobody"])).affectedRows, 0);
  });

  it("a failed statement takes its whole transaction with it and leaves the connection usable", async () => {
    const insert = insertRows({ ...shape, rowCount: 1 });
    const twice = db.transaction(async (tx) => {
      await tx.run(insert, ["half", 1n]);
      await tx.run(insert, ["bulk 1", 1n]);
    });
    await assert.rejects(twice, /unique/u);
    assert.equal((await db.query("select 1 from wallets where owner = ?", ["half"])).length, 0);
  });

  it("repeats a transaction that was the victim of a deadlock", async () => {
    await db.execute(insertRows({ ...shape, rowCount: 2 }), ["left", 0n, "right", 0n]);
    const met = Promise.withResolvers<void>();
    let attempts = 0;
    let locks = 0;
    const touch = async (first: string, second: string): Promise<void> =>
      db.transaction(async (transaction) => {
        attempts += 1;
        const lock = `select id from wallets where owner = ?${forUpdate("postgresql")}`;
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

  it("works again after the server dropped every connection", async () => {
    await db.query("select 1 as one");
    server.run(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'wallets_test'",
    );
    // One failure for each connection that it has, at most.
    const query = async (): Promise<unknown> => db.query("select 1 as one");
    await Promise.allSettled(Array.from({ length: 8 }, query));
    assert.equal((await db.query("select 1 as one")).length, 1);
  });
});

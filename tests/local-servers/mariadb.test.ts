import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { PrivateMariaDb } from "@tollgate/local/mariadb";
import { startMariaDb } from "@tollgate/local/mariadb";
import type { WalletDatabase } from "./wallet-database.ts";
import { openWalletDatabase } from "./wallet-database.ts";
import { testEveryServer } from "./wallet-suite.ts";

describe("a database on MariaDB", () => {
  let wallets: WalletDatabase<PrivateMariaDb>;

  before(async () => {
    wallets = await openWalletDatabase(await startMariaDb());
  });

  after(async () => wallets.close());

  testEveryServer(() => wallets);

  it("writes what it is given on a server whose own mode takes a backslash literally", async () => {
    const { server, openAgain, balanceOf } = wallets;
    server.run("set global sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES'");
    const other = await openAgain();
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
    const { db, server } = wallets;
    await db.query("select 1 as one");
    const ids = server.run("select id from information_schema.processlist where user = 'test'");
    for (const id of ids.trim().split("\n")) {
      server.run(`kill ${id}`);
    }
    await db.query("select 1 as one").catch(() => undefined);
    assert.equal((await db.query("select 1 as one")).length, 1);
  });
});

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { textColumn } from "@tollgate/kit/sql/column-value";
import type { PrivatePostgres } from "@tollgate/local/postgres";
import { startPostgres } from "@tollgate/local/postgres";
import type { WalletDatabase } from "./wallet-database.ts";
import { openWalletDatabase, walletDatabaseName } from "./wallet-database.ts";
import { testEveryServer } from "./wallet-suite.ts";

describe("a database on PostgreSQL", () => {
  let wallets: WalletDatabase<PrivatePostgres>;

  before(async () => {
    wallets = await openWalletDatabase(await startPostgres());
  });

  after(async () => wallets.close());

  testEveryServer(() => wallets);

  it("waits for the disk at each commit", async () => {
    const [row] = await wallets.db.query<{ setting: unknown }>(
      "select string_agg(setting, ',' order by name) as setting from pg_settings where name in ('fsync', 'synchronous_commit')",
    );
    assert.equal(textColumn(row?.setting), "on,on");
  });

  it("works again after the server dropped every connection", async () => {
    const { db, server } = wallets;
    const query = async (): Promise<unknown> => db.query("select 1 as one");
    await query();
    server.run(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${walletDatabaseName}'`,
    );
    // One failure for each connection that it has, at most.
    await Promise.allSettled(Array.from({ length: 8 }, query));
    assert.equal((await db.query("select 1 as one")).length, 1);
  });
});

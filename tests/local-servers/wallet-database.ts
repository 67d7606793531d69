import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { createLogger } from "@tollgate/kit/logging/logger";
import { bigintColumn } from "@tollgate/kit/sql/column-value";
import { createMigration } from "@tollgate/kit/sql/create-migration";
import type { Database } from "@tollgate/kit/sql/database";
import { openDatabase } from "@tollgate/kit/sql/database";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { Wallet } from "@tollgate/kit/testing/wallet-entity";

/** A server started for the tests. */
export interface TestServer {
  /** Makes an empty database; answers its DSN. */
  readonly createDatabase: (name: string) => string;
  readonly stop: () => Promise<void>;
}

/** A database with the table of {@link Wallet}, on a server of its own. */
export interface WalletDatabase<Server extends TestServer> {
  readonly server: Server;
  readonly db: Database;
  /** Another replica on the same database. */
  readonly openAgain: () => Promise<Database>;
  readonly balanceOf: (owner: string) => Promise<bigint>;
  readonly close: () => Promise<void>;
}

export const walletDatabaseName = "wallets_test";

/** Makes the migrations, and lets several replicas start at once. */
export async function openWalletDatabase<Server extends TestServer>(
  server: Server,
): Promise<WalletDatabase<Server>> {
  const dsn = server.createDatabase(walletDatabaseName);
  const folder = createTemporaryDirectory();
  symlinkSync(join(import.meta.dirname, "../../node_modules"), join(folder.path, "node_modules"));
  const at = (name: string): string => join(folder.path, name);
  const migrations = { sqlite: at("sqlite"), mysql: at("mysql"), postgresql: at("postgresql") };
  const entities = [Wallet];
  const logger = createLogger({ service: "test", level: "silent" });
  await createMigration({ service: "test", name: "initial", entities, migrations });
  const openAgain = async (): Promise<Database> =>
    openDatabase({ service: "test", dsn, entities, migrations, logger, poolMax: 8 });
  const [db, ...others] = await Promise.all([openAgain(), openAgain(), openAgain()]);
  await Promise.all(others.map(async (other) => other.close()));
  return {
    server,
    db,
    openAgain,
    balanceOf: async (owner) => {
      const sql = "select balance from wallets where owner = ?";
      const rows = await db.query<{ balance: unknown }>(sql, [owner]);
      return bigintColumn(rows[0]?.balance);
    },
    close: async () => {
      await db.close();
      await server.stop();
      folder.remove();
    },
  };
}

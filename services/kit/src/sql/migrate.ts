import type { MikroORM } from "@mikro-orm/sql";
import type { SqlDialect } from "./sql-dialect.ts";
import type { SqlPool, SqlSession } from "./sql-session.ts";

interface MigrateOptions {
  readonly orm: MikroORM;
  readonly pool: SqlPool;
  readonly dialect: SqlDialect;
  readonly service: string;
}

const lockSeconds = 50;

/** Applies what is missing and returns its names. On a server one process does it while the others wait for a lock. */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const { orm, pool, dialect, service } = options;
  const up = async (): Promise<readonly string[]> => {
    const applied = await orm.migrator.up();
    return applied.map(({ name }) => name);
  };
  if (dialect === "sqlite") {
    return up();
  }
  return pool.use(async (session) => {
    const release = await takeLock(session, dialect, `tollgate_${service}_migrations`);
    try {
      return await up();
    } finally {
      await release();
    }
  });
}

async function takeLock(
  session: SqlSession,
  dialect: "mysql" | "postgresql",
  name: string,
): Promise<() => Promise<void>> {
  switch (dialect) {
    case "mysql": {
      const { rows } = await session.run(`select get_lock(?, ${lockSeconds}) as taken`, [name]);
      if (String(rows[0]?.["taken"]) !== "1") {
        throw new Error("another process has been migrating this database for too long");
      }
      return async () => {
        await session.run("select release_lock(?) as released", [name]);
      };
    }
    case "postgresql":
      await session.run("select pg_advisory_lock(hashtext(?))", [name]);
      return async () => {
        await session.run("select pg_advisory_unlock(hashtext(?))", [name]);
      };
  }
}

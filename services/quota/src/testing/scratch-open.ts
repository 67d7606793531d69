import { openQuotaDatabase } from "#store/sql/open-quota-database.ts";
import { createLogger } from "@tollgate/kit/logging/logger";
import { execSync } from "node:child_process";
export const silentLogger = createLogger({ service: "test", level: "silent" });
let n = 0;
export async function openTestDatabase() {
  const name = `q${process.pid}_${n++}`;
  execSync(`mariadb --no-defaults -S /tmp/qi-maria/s.sock -uroot -e "create database ${name} character set utf8mb4 collate utf8mb4_bin"`);
  const database = await openQuotaDatabase({ dsn: `t:pw@tcp(127.0.0.1:39417)/${name}`, sqlitePath: "", logger: silentLogger, poolMax: 4 });
  return { database, close: async () => { await database.close(); } };
}

import { startPostgres } from "@tollgate/local/postgres";
import { play } from "./harness/play.ts";
import type { Platform } from "./harness/platform.ts";
import { startSplit } from "./harness/split.ts";
import { admissionSuite } from "./suites/admission-suite.ts";
import { crashSuite } from "./suites/crash-suite.ts";
import { moneySuite } from "./suites/money-suite.ts";

play("split on PostgreSQL", startOnPostgres, [admissionSuite, moneySuite, crashSuite]);

async function startOnPostgres(): Promise<Platform> {
  const database = await startPostgres();
  try {
    const platform = await startSplit({ SQL_DSN: database.createDatabase("tollgate") });
    return {
      ...platform,
      async stop() {
        await platform.stop();
        await database.stop();
      },
    };
  } catch (error) {
    // Nobody gets a platform to stop it with.
    await database.stop();
    throw error;
  }
}

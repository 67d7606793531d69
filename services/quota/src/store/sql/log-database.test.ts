import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { Database } from "@tollgate/kit/sql/database";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import { isQuotaFault } from "#domain/faults.ts";
import { openTestDatabase, silentLogger } from "../../testing/open-test-database.ts";
import type { TestDatabase } from "../../testing/open-test-database.ts";
import { createLogArchive } from "./log-database.ts";
import type { LogArchive } from "./log-database.ts";

const lookEveryMs = 60_000;

let real: TestDatabase;
let archive: LogArchive;
let isThere: boolean;
let opens: number;
let told: readonly string[];
const clock = createFakeClock();

beforeEach(async () => {
  real = await openTestDatabase();
  isThere = false;
  opens = 0;
  told = [];
  const { database } = real;
  const refuse = async (): Promise<never> => Promise.reject(new Error("connection refused"));
  const door: Database = {
    ...database,
    query: async <Row extends object>(...statement: Parameters<Database["query"]>) =>
      isThere ? database.query<Row>(...statement) : refuse(),
    transaction: async (...work) => (isThere ? database.transaction(...work) : refuse()),
    close: async () => undefined,
  };
  const tell = (_details: object, message: string): void => {
    told = [...told, message.split(":")[0] ?? ""];
  };
  const logger: Logger = Object.assign(Object.create(silentLogger), { warn: tell, info: tell });
  archive = createLogArchive({
    dialect: database.dialect,
    open: async () => {
      opens += 1;
      return isThere ? door : refuse();
    },
    clock,
    logger,
  });
  await assert.rejects(read(), isAway);
});

afterEach(async () => {
  await archive.close();
  await real.close();
});

const read = async (): Promise<readonly object[]> => archive.query("select 1 as one");
const isAway = (error: unknown): boolean => isQuotaFault("LOG_DATABASE_AWAY", error);

test("who asks is refused at once for a while, then one of them tries again", async () => {
  const before = opens;
  await assert.rejects(read(), isAway);
  assert.equal(opens, before);
  clock.sleep(5000);
  await Promise.all([assert.rejects(read(), isAway), assert.rejects(read(), isAway)]);
  assert.equal(opens, before + 1);
  assert.deepEqual([archive.isUp(), told], [false, ["the log database is away"]]);
});

test("it is asked every minute and told when it comes, when it goes and when it is back", async () => {
  isThere = true;
  await clock.advance(lookEveryMs);
  assert.equal((await read()).length, 1);
  isThere = false;
  await assert.rejects(
    archive.transaction(async (tx) => tx.run("select 1", [])),
    isAway,
  );
  assert.equal(archive.isUp(), false);
  isThere = true;
  clock.sleep(5000);
  assert.equal((await read()).length, 1);
  assert.equal(archive.isUp(), true);
  assert.deepEqual(told, [
    "the log database is away",
    "the log database is back",
    "the log database is away",
    "the log database is back",
  ]);
});

test("a statement that the database refuses fails as such, and nobody calls that away", async () => {
  isThere = true;
  clock.sleep(5000);
  await assert.rejects(archive.query("select nothing from nowhere"), (error) => !isAway(error));
  assert.equal(archive.isUp(), true);
});

test("once closed it is not opened again", async () => {
  isThere = true;
  clock.sleep(5000);
  await archive.close();
  const before = opens;
  await assert.rejects(read(), isAway);
  assert.equal(opens, before);
});

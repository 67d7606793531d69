/** The days that MySQL and MariaDB keep apart. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { integerColumn, textColumn } from "@tollgate/kit/sql/column-value";
import type { SqlRow } from "@tollgate/kit/sql/database";
import { aCall, aRelay, ended, openMoneyFixture } from "../../testing/money-fixture.ts";
import type { MoneyFixture } from "../../testing/money-fixture.ts";
import { partitionsToAdd } from "./usage-partitions.ts";

const dayMs = 86_400_000;
const fixedDayMs = Date.UTC(2026, 10, 22);

let fixture: MoneyFixture;

before(async () => {
  fixture = await openMoneyFixture();
  const userId = await fixture.addUser(10n ** 12n);
  const relay = aRelay(fixture);
  await relay.hello();
  // Thirty calls over three days before and after the day that the first partition ends at.
  fixture.clock.sleep(fixedDayMs + dayMs - fixture.clock.nowMs());
  const entries = Array.from({ length: 30 }, (_, index) =>
    ended(
      aCall({
        requestId: uuidV7Bytes(fixedDayMs - dayMs + index * (dayMs / 15)),
        userId,
        leaseNo: 0,
      }),
    ),
  );
  await relay.ship(0, entries);
});

after(async () => fixture.close());

async function partitions(): Promise<ReadonlyMap<string, number>> {
  if (fixture.database.dialect !== "mysql") {
    return new Map();
  }
  const rows = await fixture.database.query<SqlRow>(
    `select partition_name as name from information_schema.partitions
     where table_schema = database() and table_name = 'usage_log' and partition_name is not null`,
  );
  const counts = new Map<string, number>();
  for (const row of rows) {
    const name = textColumn(row["name"]);
    const [count] = await fixture.database.query<SqlRow>(
      `select count(*) as calls from usage_log partition (${name})`,
    );
    counts.set(name, integerColumn(count?.["calls"]));
  }
  return counts;
}

async function rows(): Promise<number> {
  const [row] = await fixture.database.query<SqlRow>("select count(*) as total from usage_log");
  return integerColumn(row?.["total"]);
}

const isMysql = (): boolean => fixture.database.dialect === "mysql";

test("a table with rows becomes partitioned without losing one", async () => {
  if (isMysql()) {
    await fixture.database.execute("alter table usage_log remove partitioning");
    const [path] = globSync(join(import.meta.dirname, "migrations/mysql/*_log_keeping.ts"));
    const text = readFileSync(path ?? "", "utf8").replaceAll("\\`", "");
    const statement = /addSql\(`(?<sql>alter table usage_log partition[^`]+);`\)/u.exec(text);
    await fixture.database.execute(statement?.groups?.["sql"] ?? "");
    assert.deepEqual(
      [...(await partitions())],
      [
        ["p20261121", 15],
        ["p_max", 15],
      ],
    );
  }
  assert.equal(await rows(), 30);
  assert.deepEqual(await fixture.violations(), []);
});

test("replicas that make room at the same moment make each day once, up to a week ahead", async () => {
  const replica = await fixture.openAgain();
  const nowMs = fixture.clock.nowMs();
  const round = async (): Promise<void> => {
    await Promise.all([
      fixture.money.logKeeping.prepareDays(nowMs),
      replica.logKeeping.prepareDays(nowMs),
    ]);
  };
  await round();
  await round();
  const found = await partitions();
  if (isMysql()) {
    assert.equal(found.size, 1 + 1 + 8 + 1);
    assert.deepEqual(
      [found.get("p20261122"), found.get("p20261130"), found.get("p_max")],
      [15, 0, 0],
    );
  }
  assert.equal(await rows(), 30);
});

test("a day that nobody asks for any more goes whole", async () => {
  const { logKeeping } = fixture.money;
  await logKeeping.raiseFloor(fixedDayMs);
  await logKeeping.retire(fixedDayMs);
  await logKeeping.removeRetired();
  assert.equal(await rows(), 15);
  assert.equal((await partitions()).has("p20261121"), false);
  assert.deepEqual(await fixture.violations(), []);
});

test("days that were missed become one partition, then there is one for each day", () => {
  const names = partitionsToAdd(
    [{ name: "p20261121", endMs: fixedDayMs }],
    fixedDayMs + 40 * dayMs,
  );
  assert.deepEqual(names.map(({ name }) => name).slice(0, 3), [
    "p20261231",
    "p20270101",
    "p20270102",
  ]);
  assert.equal(names.length, 9);
  assert.deepEqual(partitionsToAdd(names, fixedDayMs + 40 * dayMs), []);
});

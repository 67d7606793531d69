import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import { openServerDatabase } from "@tollgate/kit/testing/server-database";
import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { createLogger } from "@tollgate/kit/logging/logger";
import { openAdminDatabase } from "#store/sql/open-admin-database.ts";
import { createSessionStore } from "#store/sql/session-store.ts";
import { createSessions } from "./sessions.ts";

const dayMs = 86_400_000;
const user = { id: 7n, sessionVersion: 3 };

async function openSessions() {
  const directory = createTemporaryDirectory();
  const server = await openServerDatabase();
  const database = await openAdminDatabase({
    dsn: server?.dsn,
    sqlitePath: join(directory.path, "admin.db"),
    poolMax: 2,
    logger: createLogger({ service: "test", level: "silent" }),
  });
  const clock = createFakeClock();
  const secret = new Uint8Array(32);
  const sessions = createSessions({ store: createSessionStore(database), secret, clock });
  return {
    clock,
    sessions,
    database,
    [Symbol.asyncDispose]: async () => {
      await database.close();
      await server?.drop();
      directory.remove();
    },
  };
}

test("a session ends after seven days without use", async () => {
  await using context = await openSessions();
  const { sessions, clock } = context;
  const cookie = await sessions.start(user);
  await clock.advance(6 * dayMs);
  assert.equal((await sessions.read(cookie))?.userId, 7n);
  await clock.advance(6 * dayMs);
  assert.equal((await sessions.read(cookie))?.sessionVersion, 3);
  await clock.advance(7 * dayMs);
  assert.equal(await sessions.read(cookie), undefined);
});

test("a session ends after thirty days, however much it is used", async () => {
  await using context = await openSessions();
  const { sessions, clock } = context;
  const cookie = await sessions.start(user);
  for (let day = 0; day < 5; day += 1) {
    await clock.advance(5 * dayMs);
    assert.notEqual(await sessions.read(cookie), undefined);
  }
  await clock.advance(5 * dayMs);
  assert.equal(await sessions.read(cookie), undefined);
});

test("the database holds nothing that would open a session", async () => {
  await using context = await openSessions();
  const { sessions, database } = context;
  const cookie = await sessions.start(user);
  const [id = "", signature = ""] = cookie.split(".");
  const rows = JSON.stringify(await database.query("select * from admin_sessions"), (_key, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
  assert.ok(!rows.includes(id) && !rows.includes(signature));
});

test("ending all sessions of a user leaves those of others", async () => {
  await using context = await openSessions();
  const { sessions } = context;
  const [first, second, other] = await Promise.all([
    sessions.start(user),
    sessions.start(user),
    sessions.start({ id: 8n, sessionVersion: 1 }),
  ]);
  await sessions.endAllOf(7n);
  assert.equal(await sessions.read(first), undefined);
  assert.equal(await sessions.read(second), undefined);
  assert.equal((await sessions.read(other))?.userId, 8n);
});

test("sessions that have ended are swept away", async () => {
  await using context = await openSessions();
  const { sessions, clock, database } = context;
  await sessions.start(user);
  await clock.advance(8 * dayMs);
  const fresh = await sessions.start(user);
  await sessions.sweep();
  assert.equal((await database.query("select hash from admin_sessions")).length, 1);
  assert.notEqual(await sessions.read(fresh), undefined);
});

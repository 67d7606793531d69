import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createClient } from "@connectrpc/connect";
import type { Client } from "@connectrpc/connect";
import { isFault } from "@tollgate/kit/fault/fault";
import { createInMemoryTransport } from "@tollgate/kit/grpc/in-memory-transport";
import { KeyDenialReason, KeyService, KeyStatus } from "@tollgate/proto/quota/v1/key_service";
import { OptionService } from "@tollgate/proto/quota/v1/option_service";
import { LogKind, UsageService } from "@tollgate/proto/quota/v1/usage_service";
import { UserService, UserStatus } from "@tollgate/proto/quota/v1/user_service";
import { openIdentityFixture } from "#testing/identity-fixture.ts";
import type { IdentityFixture } from "#testing/identity-fixture.ts";
import { silentLogger } from "#testing/open-test-database.ts";
import { identityRoutes } from "./identity-routes.ts";

describe("the services of users, keys, options and the log", () => {
  let fixture: IdentityFixture;
  let users: Client<typeof UserService>;
  let keys: Client<typeof KeyService>;
  let options: Client<typeof OptionService>;
  let usage: Client<typeof UsageService>;

  before(async () => {
    fixture = await openIdentityFixture();
    const transport = createInMemoryTransport(
      (router) => identityRoutes(router, fixture.useCases),
      silentLogger,
    );
    users = createClient(UserService, transport);
    keys = createClient(KeyService, transport);
    options = createClient(OptionService, transport);
    usage = createClient(UsageService, transport);
  });

  after(async () => fixture.close());

  it("a system is set up, a user registers and is changed", async () => {
    assert.equal((await users.getSetupState({})).hasRoot, false);
    const { user: root } = await users.createRootUser({
      username: "boss",
      password: "correct horse",
      initialKey: "sk-boss-key-1",
    });
    assert.equal(root?.balanceNanos, 10n ** 18n);
    assert.equal((await users.getSetupState({})).hasRoot, true);
    const { user } = await users.createUser({
      username: "alice",
      password: "correct horse",
      role: 1,
    });
    assert.equal(user?.status, UserStatus.ENABLED);
    const changed = await users.updateUser({ id: user.id, status: UserStatus.DISABLED });
    assert.equal(changed.user?.status, UserStatus.DISABLED);
    assert.equal((await users.getUser({ username: "alice" })).user?.id, user.id);
    const { users: found, total } = await users.listUsers({ range: { withTotal: true } });
    assert.deepEqual(
      found.map(({ username }) => username),
      ["alice", "boss"],
    );
    assert.equal(total, 2n);
    await assert.rejects(users.getUser({ id: 99n }), (error) => isFault(error, "USER_NOT_FOUND"));
    await assert.rejects(users.getUser({ id: -1n }), (error) => isFault(error, "REQUEST_INVALID"));
  });

  it("a key is made, opened, capped, revealed and deleted", async () => {
    const root = await users.authenticatePassword({ username: "boss", password: "correct horse" });
    const userId = root.user?.id ?? 0n;
    const { key, secret } = await keys.createKey({ userId, name: "work", unlimited: true });
    const opened = await keys.openKey({ credential: `sk-${secret}` });
    assert.ok(opened.outcome.case === "grant");
    assert.equal(opened.outcome.value.userRole, 100);
    assert.equal(opened.outcome.value.capped, false);
    const id = key?.id ?? 0n;
    const capped = await keys.updateKey({ id, userId, unlimited: false, remainingNanos: 0n });
    assert.equal(capped.key?.status, KeyStatus.EXHAUSTED);
    const denied = await keys.openKey({ credential: secret });
    assert.ok(denied.outcome.case === "denial");
    assert.equal(denied.outcome.value.reason, KeyDenialReason.EXHAUSTED);
    assert.equal(denied.outcome.value.keyName, "work");
    assert.deepEqual((await keys.revealKey({ userId, ids: [id] })).secrets, {
      [String(id)]: secret,
    });
    await assert.rejects(keys.updateKey({ id, userId, status: KeyStatus.EXPIRED }), (error) =>
      isFault(error, "STATUS_INVALID"),
    );
    const exhausted = await keys.listKeys({ userId, status: KeyStatus.EXHAUSTED });
    assert.deepEqual(
      exhausted.keys.map((row) => row.id),
      [id],
    );
    await keys.deleteKey({ id, userId });
    await assert.rejects(keys.getKey({ id, userId }), (error) => isFault(error, "KEY_NOT_FOUND"));
  });

  it("an amount that no column can hold is the caller's fault", async () => {
    await assert.rejects(
      keys.createKey({ userId: 1n, name: "x", remainingNanos: 2n ** 63n - 1n }),
      (error) => isFault(error, "KEY_CAP_INVALID"),
    );
  });

  it("options are listed by key and a wrong value says what is wrong", async () => {
    const listed = (await options.listOptions({})).options.map(({ key }) => key);
    assert.deepEqual(listed, listed.toSorted());
    assert.ok(listed.includes("ModelRatio") && listed.includes("KeyRevealEnabled"));
    await assert.rejects(
      options.setOption({ key: "QuotaForNewUser", value: "many" }),
      (error) => isFault(error, "OPTION_INVALID") && /whole number/u.test(error.publicMessage),
    );
    await options.setOption({ key: "DisplayInCurrencyEnabled", value: "false" });
  });

  it("activity is written, found, watched and summed", async () => {
    const stop = new AbortController();
    const watching = usage.watchLog({}, { signal: stop.signal });
    const iterator = watching[Symbol.asyncIterator]();
    const seen = new AbortController();
    const next = iterator.next().finally(() => seen.abort());
    // Nothing is kept for a watcher that comes late, so rows are written until it is there.
    while (!seen.signal.aborted) {
      await usage.appendActivity({ kind: LogKind.SYSTEM, userId: 1n, content: "tick" });
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    const { value } = await next;
    assert.equal(value?.entry?.content, "tick");
    stop.abort();
    await assert.rejects(async () => {
      // Rows that were under way may still come before the end.
      while ((await iterator.next()).done !== true);
    });
    await usage.appendActivity({ kind: LogKind.TOP_UP, userId: 1n, content: "thanks" });
    const { entries, total } = await usage.searchLog({
      filter: { kind: LogKind.TOP_UP },
      range: { withTotal: true },
    });
    assert.equal(total, 1n);
    assert.equal(entries[0]?.username, "boss");
    assert.equal(Number(entries[0]?.createdAtMs), fixture.clock.nowMs());
    assert.equal((await usage.sumLog({})).requests, 0n);
    assert.deepEqual((await usage.getSeries({ bucketSeconds: 3600 })).points, []);
    await assert.rejects(usage.getSeries({ bucketSeconds: 60 }), (error) =>
      isFault(error, "LOG_FILTER_INVALID"),
    );
    await assert.rejects(
      usage.appendActivity({ kind: LogKind.CONSUME, content: "forged" }),
      (error) => isFault(error, "ACTIVITY_INVALID"),
    );
    await assert.rejects(usage.searchLog({ filter: { requestId: "1' or 1=1" } }), (error) =>
      isFault(error, "LOG_FILTER_INVALID"),
    );
  });
});

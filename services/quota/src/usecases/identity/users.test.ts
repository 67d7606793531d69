import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { isQuotaFault } from "#domain/faults.ts";
import { aRange, aUser, openIdentityFixture, usd } from "#testing/identity-fixture.ts";
import type { IdentityFixture } from "#testing/identity-fixture.ts";

const refusedWith =
  (reason: Parameters<typeof isQuotaFault>[0]) =>
  (error: unknown): boolean =>
    isQuotaFault(reason, error);

describe("users", () => {
  let fixture: IdentityFixture;
  let useCases: IdentityFixture["useCases"];

  before(async () => {
    fixture = await openIdentityFixture();
    useCases = fixture.useCases;
  });

  after(async () => fixture.close());

  it("a new user can sign in by name and by e-mail address in any case", async () => {
    const made = await useCases.createUser(aUser({ email: "Alice@Example.org" }));
    const byName = await useCases.authenticate.byPassword("alice", "correct horse");
    const byMail = await useCases.authenticate.byPassword("alice@EXAMPLE.org", "correct horse");
    assert.equal(byName.id, made.id);
    assert.equal(byMail.id, made.id);
    assert.equal(made.displayName, "alice");
    assert.equal(made.group, "default");
  });

  it("a wrong password and an unknown user are refused alike", async () => {
    const { byPassword } = useCases.authenticate;
    await assert.rejects(byPassword("alice", "wrong horse"), refusedWith("CREDENTIALS_INVALID"));
    await assert.rejects(byPassword("nobody", "wrong horse"), refusedWith("CREDENTIALS_INVALID"));
    await assert.rejects(byPassword("alice", "x".repeat(5000)), refusedWith("CREDENTIALS_INVALID"));
  });

  it("a name or address belongs to one account, whichever kind of name it is", async () => {
    const taken = aUser({ username: "bob" });
    await assert.rejects(useCases.createUser(aUser()), refusedWith("USERNAME_TAKEN"));
    await assert.rejects(
      useCases.createUser({ ...taken, email: "ALICE@example.org" }),
      refusedWith("EMAIL_TAKEN"),
    );
    await assert.rejects(
      useCases.createUser({ ...taken, username: "alice@example.org" }),
      refusedWith("USERNAME_TAKEN"),
    );
    const bob = await useCases.createUser(taken);
    await assert.rejects(
      useCases.updateUser({ id: bob.id, username: "alice" }),
      refusedWith("USERNAME_TAKEN"),
    );
    assert.equal((await useCases.updateUser({ id: bob.id, username: "bob" })).username, "bob");
  });

  it("names differ by case, and any number of users have no e-mail address", async () => {
    await useCases.createUser(aUser({ username: "Alice" }));
    await useCases.createUser(aUser({ username: "李雷" }));
  });

  it("of two people who take a name at the same moment one is told that it is taken", async () => {
    const input = aUser({ username: "race" });
    const outcomes = await Promise.allSettled([
      useCases.createUser(input),
      useCases.createUser(input),
    ]);
    const failed = outcomes.filter((outcome) => outcome.status === "rejected");
    assert.equal(failed.length, 1);
    assert.ok(isQuotaFault("USERNAME_TAKEN", failed[0]?.reason));
  });

  it("what a new user is given can be made to expire; invitation rewards never do", async () => {
    for (const [key, value] of [
      ["QuotaForNewUser", "500000"],
      ["QuotaForNewUserDays", "30"],
      ["QuotaForInviter", "1000"],
    ] as const) {
      await useCases.setOption({ key, value, actorId: 0 });
    }
    const host = await useCases.createUser(aUser({ username: "host" }));
    await useCases.createUser(aUser({ username: "comer", inviterCode: host.invitationCode }));
    const buckets = await fixture.database.query<{ kind: string; expires_at_ms: unknown }>(
      "select kind, expires_at_ms from wallet_buckets where user_id = ?",
      [host.id],
    );
    const expiresAtMs = fixture.clock.nowMs() + 30 * 86_400_000;
    assert.deepEqual(
      buckets.map((bucket) => [bucket.kind, Number(bucket.expires_at_ms)]),
      [["new-user-credit", expiresAtMs]],
    );
    for (const key of ["QuotaForNewUser", "QuotaForNewUserDays", "QuotaForInviter"]) {
      await useCases.setOption({ key, value: "0", actorId: 0 });
    }
  });

  it("registration gives what the options promise, through the ledger and with log rows", async () => {
    for (const [key, value] of [
      ["QuotaForNewUser", "500000"],
      ["QuotaForInvitee", "1000000"],
      ["QuotaForInviter", "1500000"],
    ] as const) {
      await useCases.setOption({ key, value, actorId: 0 });
    }
    const inviter = await useCases.createUser(aUser({ username: "inviter" }));
    assert.equal(inviter.balanceNanos, usd(1));
    await fixture.clock.advance(1000);
    const guest = await useCases.createUser(
      aUser({ username: "guest", inviterCode: inviter.invitationCode, hasDefaultKey: true }),
    );
    assert.equal(guest.balanceNanos, usd(3));
    assert.equal(guest.inviterId, inviter.id);
    const rewarded = await useCases.readUsers.get({ id: inviter.id, username: "" });
    assert.equal(rewarded.balanceNanos, usd(4));
    const log = await useCases.readLog.search({ userId: inviter.id }, aRange({ hasTotal: true }));
    assert.equal(log.total, 2);
    const [newest] = log.rows;
    assert.ok(newest?.source === "activity");
    assert.equal(newest.activity.content, "Gift for inviting a user: $3.000000");
    assert.equal(newest.activity.username, "inviter");
    const keys = await useCases.readKeys.list({
      userId: guest.id,
      status: undefined,
      range: aRange(),
    });
    assert.deepEqual(
      keys.rows.map(({ name, isUnlimited }) => ({ name, isUnlimited })),
      [{ name: "default", isUnlimited: true }],
    );
  });

  it("an unknown invitation is no obstacle", async () => {
    const user = await useCases.createUser(aUser({ username: "stray", inviterCode: "NOSUCH" }));
    assert.equal(user.inviterId, 0);
  });

  it("password, role and status end the sessions of a user; a new group does not", async () => {
    const { id, sessionVersion } = await useCases.createUser(aUser({ username: "carol" }));
    const regrouped = await useCases.updateUser({ id, group: "vip", displayName: "C" });
    assert.equal(regrouped.sessionVersion, sessionVersion);
    assert.equal((await useCases.updateUser({ id, role: 10 })).sessionVersion, sessionVersion + 1);
    const banned = await useCases.updateUser({ id, status: "disabled" });
    assert.equal(banned.sessionVersion, sessionVersion + 2);
    const changed = await useCases.updateUser({ id, password: "another horse" });
    assert.equal(changed.sessionVersion, sessionVersion + 3);
    assert.equal((await useCases.authenticate.byPassword("carol", "another horse")).id, id);
  });

  it("every change of a user is announced", async () => {
    const { id } = await useCases.createUser(aUser({ username: "dora" }));
    const before = fixture.announced.length;
    await useCases.updateUser({ id, group: "vip" });
    await useCases.updateUser({ id, status: "disabled" });
    await useCases.deleteUser(id);
    assert.deepEqual(
      fixture.announced.slice(before),
      Array.from({ length: 3 }, () => ({ userIds: [id] })),
    );
  });

  it("a change of one's own account is refused when the present password is wrong", async () => {
    const { id } = await useCases.createUser(aUser({ username: "erin" }));
    const change = { id, password: "another horse" };
    await assert.rejects(
      useCases.updateUser({ ...change, currentPassword: "guess guess" }),
      refusedWith("CREDENTIALS_INVALID"),
    );
    await useCases.updateUser({ ...change, currentPassword: "correct horse" });
  });

  it("a deleted user frees the name and the address, and opens nothing any more", async () => {
    const { id } = await useCases.createUser(aUser({ username: "frank", email: "f@example.org" }));
    const token = await useCases.rotateAccessToken(id);
    await useCases.deleteUser(id);
    await assert.rejects(
      useCases.authenticate.byAccessToken(token),
      refusedWith("ACCESS_TOKEN_INVALID"),
    );
    await assert.rejects(
      useCases.authenticate.byPassword("frank", "correct horse"),
      refusedWith("CREDENTIALS_INVALID"),
    );
    await assert.rejects(useCases.updateUser({ id, group: "x" }), refusedWith("USER_NOT_FOUND"));
    await useCases.createUser(aUser({ username: "frank", email: "f@example.org" }));
    const kept = await useCases.readUsers.get({ id, username: "" });
    assert.equal(kept.status, "deleted");
    assert.match(kept.username, /^deleted_[0-9a-f]{32}$/u);
  });

  it("a rotated access token opens the account, the one before it does not", async () => {
    const { id } = await useCases.createUser(aUser({ username: "grace" }));
    const first = await useCases.rotateAccessToken(id);
    const second = await useCases.rotateAccessToken(id);
    assert.match(second, /^[0-9a-f]{32}$/u);
    assert.equal((await useCases.authenticate.byAccessToken(second)).id, id);
    await assert.rejects(
      useCases.authenticate.byAccessToken(first),
      refusedWith("ACCESS_TOKEN_INVALID"),
    );
    const rows = await fixture.database.query<{ access_token_hash: string }>(
      "select access_token_hash from users where id = ?",
      [id],
    );
    assert.ok(!rows[0]?.access_token_hash.includes(second));
  });

  it("lists by prefix, role and sort before it cuts the page, without deleted users", async () => {
    const all = await useCases.readUsers.list({}, aRange({ limit: 200, hasTotal: true }));
    assert.equal(all.total, all.rows.length);
    assert.ok(all.rows.every(({ status }) => status !== "deleted"));
    const ids = all.rows.map(({ id }) => id);
    assert.deepEqual(
      ids,
      ids.toSorted((left, right) => right - left),
    );
    const found = await useCases.readUsers.list({}, aRange({ keyword: "gra" }));
    assert.deepEqual(
      found.rows.map(({ username }) => username),
      ["grace"],
    );
    const none = await useCases.readUsers.list({}, aRange({ keyword: "%" }));
    assert.equal(none.rows.length, 0);
    const richest = await useCases.readUsers.list(
      {},
      aRange({ sort: "balance_nanos", isDescending: true, limit: 1 }),
    );
    assert.equal(richest.rows[0]?.username, "inviter");
    await assert.rejects(
      useCases.readUsers.list({}, aRange({ sort: "password_hash" })),
      refusedWith("SORT_UNKNOWN"),
    );
    await assert.rejects(
      useCases.readUsers.list({}, aRange({ limit: 201 })),
      refusedWith("LIST_RANGE_INVALID"),
    );
  });
});

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isQuotaFault } from "#domain/faults.ts";
import { openIdentityFixture } from "#testing/identity-fixture.ts";
import type { IdentityFixture } from "#testing/identity-fixture.ts";
import type { InitialRoot } from "./apply-initial-root.ts";

const rootQuota = 10n ** 18n;
const setup = { username: "boss", password: "correct horse", accessToken: "", initialKey: "" };

async function withFixture(
  initialRoot: Partial<InitialRoot>,
  check: (fixture: IdentityFixture) => Promise<void>,
): Promise<void> {
  const fixture = await openIdentityFixture(initialRoot);
  try {
    await check(fixture);
  } finally {
    await fixture.close();
  }
}

describe("the root user", () => {
  it("is made once, with One API's quota as a gift in the ledger", async () => {
    await withFixture({}, async ({ useCases, database }) => {
      assert.equal(await useCases.readUsers.hasRoot(), false);
      const root = await useCases.createRootUser(setup);
      assert.equal(root.role, 100);
      assert.equal(root.balanceNanos, rootQuota);
      assert.equal(await useCases.readUsers.hasRoot(), true);
      await assert.rejects(useCases.createRootUser({ ...setup, username: "other" }), (error) =>
        isQuotaFault("ROOT_EXISTS", error),
      );
      const entries = await database.query<{ kind: string }>("select kind from ledger_tx");
      assert.deepEqual(entries, [{ kind: "gift" }]);
    });
  });

  it("of two setups at the same moment only one makes it", async () => {
    await withFixture({}, async ({ useCases }) => {
      const outcomes = await Promise.allSettled([
        useCases.createRootUser(setup),
        useCases.createRootUser({ ...setup, username: "other" }),
      ]);
      const failed = outcomes.filter((outcome) => outcome.status === "rejected");
      assert.equal(failed.length, 1);
      assert.ok(isQuotaFault("ROOT_EXISTS", failed[0]?.reason));
    });
  });

  it("cannot be disabled, demoted or deleted", async () => {
    await withFixture({ password: "correct horse" }, async ({ useCases }) => {
      const { id } = await useCases.authenticate.byPassword("root", "correct horse");
      const isProtected = (error: unknown): boolean => isQuotaFault("ROOT_PROTECTED", error);
      await assert.rejects(useCases.updateUser({ id, status: "disabled" }), isProtected);
      await assert.rejects(useCases.updateUser({ id, role: 10 }), isProtected);
      await assert.rejects(useCases.deleteUser(id), isProtected);
      assert.equal((await useCases.updateUser({ id, role: 100, group: "vip" })).group, "vip");
    });
  });

  it("nobody else can be given its role", async () => {
    await withFixture({ password: "correct horse" }, async ({ useCases }) => {
      const user = { displayName: "", email: "", inviterCode: "", hasDefaultKey: false };
      await assert.rejects(
        useCases.createUser({ ...user, username: "x", password: "12345678", role: 100 }),
        (error) => isQuotaFault("ROLE_INVALID", error),
      );
    });
  });

  it("comes from the environment with its key, hyphens and all, and a restart changes nothing", async () => {
    const initial = {
      password: "first password",
      token: "sk-my-own-root-token-1",
      accessToken: "0123456789abcdef0123456789abcdef",
    };
    await withFixture(initial, async ({ useCases, openAgain, database }) => {
      const decision = await useCases.openKey("sk-my-own-root-token-1");
      assert.ok(decision.kind === "granted");
      assert.equal(decision.grant.channelSuffix, "");
      assert.equal(decision.grant.key.name, "Initial Root Token");
      assert.ok(decision.grant.key.isUnlimited);
      const pinned = await useCases.openKey("my-own-root-token-1-42");
      assert.ok(pinned.kind === "granted");
      assert.equal(pinned.grant.channelSuffix, "42");
      const { id } = await useCases.authenticate.byAccessToken(initial.accessToken);
      await useCases.updateUser({ id, password: "second password" });
      (await openAgain(initial)).close();
      assert.equal((await useCases.authenticate.byPassword("root", "second password")).id, id);
      const keys = await database.query("select id from api_keys");
      assert.equal(keys.length, 1);
    });
  });

  it("made by INITIAL_ROOT_TOKEN alone is given a name and a password by the setup", async () => {
    await withFixture({ token: "roottoken123" }, async ({ useCases, announced }) => {
      assert.equal(await useCases.readUsers.hasRoot(), false);
      const root = await useCases.createRootUser({ ...setup, initialKey: "sk-another-key" });
      assert.equal(root.username, "boss");
      assert.equal(root.balanceNanos, rootQuota);
      assert.equal(await useCases.readUsers.hasRoot(), true);
      assert.deepEqual(announced, [{ userIds: [root.id] }]);
      for (const credential of ["sk-roottoken123", "another-key"]) {
        assert.equal((await useCases.openKey(credential)).kind, "granted");
      }
    });
  });

  it("a first password that is too short stops the start", async () => {
    await assert.rejects(openIdentityFixture({ password: "short" }), (error) =>
      isQuotaFault("PASSWORD_TOO_SHORT", error),
    );
  });
});

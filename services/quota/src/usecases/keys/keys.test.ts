import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { keyRemaining, keyStatus } from "#domain/api-key.ts";
import { isQuotaFault } from "#domain/faults.ts";
import type { User } from "#domain/user.ts";
import { aKey, aRange, aUser, openIdentityFixture, usd } from "#testing/identity-fixture.ts";
import type { IdentityFixture } from "#testing/identity-fixture.ts";

const refusedWith =
  (reason: Parameters<typeof isQuotaFault>[0]) =>
  (error: unknown): boolean =>
    isQuotaFault(reason, error);

describe("keys", () => {
  let fixture: IdentityFixture;
  let useCases: IdentityFixture["useCases"];
  let owner: User;
  let stranger: User;

  before(async () => {
    fixture = await openIdentityFixture();
    useCases = fixture.useCases;
    owner = await useCases.createUser(aUser({ username: "owner" }));
    stranger = await useCases.createUser(aUser({ username: "stranger" }));
  });

  after(async () => fixture.close());

  const nowSeconds = (): number => Math.floor(fixture.clock.nowMs() / 1000);
  const setUsed = async (keyId: number, usedNanos: bigint): Promise<void> => {
    await fixture.database.execute("update key_caps set used_nanos = ? where key_id = ?", [
      usedNanos,
      keyId,
    ]);
  };
  const reasonOf = async (credential: string): Promise<string> => {
    const decision = await useCases.openKey(credential);
    return decision.kind === "denied" ? decision.reason : decision.kind;
  };

  it("a new key opens with and without sk- and with a channel behind it", async () => {
    const { key, secret } = await useCases.createKey(
      aKey({ userId: owner.id, models: ["gpt-4o"], subnets: ["10.0.0.0/8"] }),
    );
    assert.match(secret, /^[A-Za-z0-9]{48}$/u);
    assert.equal(key.hint, secret.slice(-4));
    for (const [credential, channelSuffix] of [
      [`sk-${secret}`, ""],
      [secret, ""],
      [`sk-${secret}-17`, "17"],
    ] as const) {
      const decision = await useCases.openKey(credential);
      assert.ok(decision.kind === "granted");
      assert.equal(decision.grant.channelSuffix, channelSuffix);
      assert.equal(decision.grant.group, "default");
      assert.equal(decision.grant.userRole, 1);
      assert.deepEqual(decision.grant.key.models, ["gpt-4o"]);
      assert.deepEqual(decision.grant.key.subnets, ["10.0.0.0/8"]);
    }
    assert.equal(await reasonOf(`sk-${secret}x`), "unknown");
    assert.equal(await reasonOf(`sk-${secret}-x`), "unknown");
  });

  it("a key's grant says whether its owner is strict, from the change on", async () => {
    const { secret } = await useCases.createKey(aKey({ userId: stranger.id }));
    const isStrict = async (): Promise<boolean> => {
      const decision = await useCases.openKey(secret);
      assert.ok(decision.kind === "granted");
      return decision.grant.isStrict;
    };
    assert.equal(await isStrict(), false);
    for (const wanted of [true, false]) {
      const changed = await useCases.updateUser({ id: stranger.id, isStrict: wanted });
      assert.deepEqual([changed.isStrict, await isStrict()], [wanted, wanted]);
    }
  });

  it("the database holds nothing that opens", async () => {
    const { secret } = await useCases.createKey(aKey({ userId: owner.id }));
    const rows = await fixture.database.query("select * from api_keys");
    assert.ok(!JSON.stringify(rows).includes(secret));
  });

  it("the owner sees a secret again, nobody else does, and nobody when the option is off", async () => {
    const { key, secret } = await useCases.createKey(aKey({ userId: owner.id }));
    const { reveal } = useCases.readKeys;
    assert.deepEqual([...(await reveal(owner.id, [key.id, 999_999]))], [[key.id, secret]]);
    assert.equal((await reveal(stranger.id, [key.id])).size, 0);
    await useCases.setOption({ key: "KeyRevealEnabled", value: "false", actorId: 0 });
    assert.equal((await reveal(owner.id, [key.id])).size, 0);
    await useCases.setOption({ key: "KeyRevealEnabled", value: "true", actorId: 0 });
  });

  it("a sealed secret that was moved to another row opens nothing", async () => {
    const first = await useCases.createKey(aKey({ userId: owner.id }));
    const second = await useCases.createKey(aKey({ userId: owner.id }));
    await fixture.database.execute(
      "update api_keys set secret_sealed = (select secret_sealed from api_keys where id = ?) where id = ?",
      [first.key.id, second.key.id],
    );
    await assert.rejects(useCases.readKeys.reveal(owner.id, [second.key.id]));
  });

  it("is denied in One API's order: disabled, expired, exhausted, owner banned", async () => {
    const user = await useCases.createUser(aUser({ username: "banned" }));
    const { key, secret } = await useCases.createKey(
      aKey({
        userId: user.id,
        isUnlimited: false,
        remainingNanos: usd(1),
        expiresAt: nowSeconds() + 10,
      }),
    );
    const { id } = key;
    assert.equal(await reasonOf(secret), "granted");
    await useCases.updateUser({ id: user.id, status: "disabled" });
    assert.equal(await reasonOf(secret), "user-banned");
    await setUsed(id, usd(1));
    assert.equal(await reasonOf(secret), "exhausted");
    await fixture.clock.advance(11_000);
    assert.equal(await reasonOf(secret), "expired");
    await useCases.updateKey({ id, userId: user.id, status: "disabled" });
    assert.equal(await reasonOf(secret), "disabled");
    const [row] = await fixture.database.query<{ status: unknown }>(
      "select status from api_keys where id = ?",
      [id],
    );
    assert.equal(Number(row?.status), 2);
  });

  it("a deleted owner's keys are dead", async () => {
    const user = await useCases.createUser(aUser({ username: "leaving" }));
    const { secret } = await useCases.createKey(aKey({ userId: user.id }));
    await useCases.deleteUser(user.id);
    assert.equal(await reasonOf(secret), "user-banned");
    await assert.rejects(
      useCases.createKey(aKey({ userId: user.id })),
      refusedWith("USER_NOT_FOUND"),
    );
  });

  it("a text that can be no key costs no query", async () => {
    const closed = await openIdentityFixture();
    await closed.close();
    for (const credential of ["", "sk-", "a b", "\u0000", "ключ", "x".repeat(513), "a\nb"]) {
      const decision = await closed.useCases.openKey(credential);
      assert.deepEqual(decision, { kind: "denied", reason: "unknown" });
    }
  });

  it("what is left is set, not what was used, and can be raised and enabled at once", async () => {
    const { key } = await useCases.createKey(
      aKey({ userId: owner.id, isUnlimited: false, remainingNanos: usd(5) }),
    );
    await setUsed(key.id, usd(5));
    const name = { id: key.id, userId: owner.id };
    const spent = await useCases.readKeys.get(name);
    assert.equal(keyStatus(spent, nowSeconds()), "exhausted");
    assert.equal(keyRemaining(spent), 0n);
    await assert.rejects(
      useCases.updateKey({ ...name, status: "enabled" }),
      refusedWith("KEY_EXHAUSTED"),
    );
    const raised = await useCases.updateKey({
      ...name,
      status: "enabled",
      remainingNanos: usd(2),
    });
    assert.equal(keyRemaining(raised), usd(2));
    assert.equal(raised.usedNanos, usd(5));
    const unlimited = await useCases.updateKey({ ...name, isUnlimited: true });
    assert.ok(unlimited.isUnlimited);
  });

  it("an expired key is not enabled until its expiry is later", async () => {
    const { key } = await useCases.createKey(
      aKey({ userId: owner.id, expiresAt: nowSeconds() - 5 }),
    );
    const name = { id: key.id, userId: owner.id };
    await assert.rejects(
      useCases.updateKey({ ...name, status: "enabled" }),
      refusedWith("KEY_EXPIRED"),
    );
    const extended = await useCases.updateKey({ ...name, status: "enabled", expiresAt: 0 });
    assert.equal(extended.expiresAt, -1);
  });

  it("a key of somebody else is as absent as one that never was", async () => {
    const { key } = await useCases.createKey(aKey({ userId: owner.id }));
    const foreign = { id: key.id, userId: stranger.id };
    const isAbsent = refusedWith("KEY_NOT_FOUND");
    await assert.rejects(useCases.readKeys.get(foreign), isAbsent);
    await assert.rejects(useCases.updateKey({ ...foreign, name: "mine" }), isAbsent);
    await assert.rejects(useCases.deleteKey(foreign), isAbsent);
    await useCases.updateKey({ id: key.id, userId: undefined, name: "operator" });
  });

  it("every change of a key is announced, and a deleted key is unknown at once", async () => {
    const { key, secret } = await useCases.createKey(aKey({ userId: owner.id }));
    const name = { id: key.id, userId: owner.id };
    const before = fixture.announced.length;
    await useCases.updateKey({ ...name, models: ["gpt-4o"] });
    await useCases.updateKey({ ...name, isUnlimited: false });
    await useCases.deleteKey(name);
    assert.deepEqual(
      fixture.announced.slice(before),
      Array.from({ length: 3 }, () => ({ keyIds: [key.id] })),
    );
    assert.equal(await reasonOf(secret), "unknown");
  });

  it("a wrong field is refused and names itself", async () => {
    for (const [fields, reason] of [
      [{ name: "n".repeat(65) }, "KEY_NAME_INVALID"],
      [{ name: "line\nbreak" }, "KEY_NAME_INVALID"],
      [{ expiresAt: -2 }, "KEY_EXPIRY_INVALID"],
      [{ remainingNanos: usd(-1) }, "KEY_CAP_INVALID"],
      [{ models: ["a,b"] }, "KEY_MODELS_INVALID"],
      [{ subnets: ["10.0.0.1"] }, "KEY_SUBNETS_INVALID"],
    ] as const) {
      await assert.rejects(
        useCases.createKey(aKey({ userId: owner.id, ...fields })),
        refusedWith(reason),
      );
    }
  });

  it("lists by effective status and sort, and pages never overlap", async () => {
    const user = await useCases.createUser(aUser({ username: "lister" }));
    const make = async (fields: Partial<Parameters<typeof aKey>[0]>): Promise<number> =>
      (await useCases.createKey(aKey({ userId: user.id, ...fields }))).key.id;
    const usable = await make({ name: "usable" });
    const expired = await make({ name: "expired", expiresAt: nowSeconds() - 1 });
    const spent = await make({ name: "spent", isUnlimited: false });
    const capped = await make({ name: "capped", isUnlimited: false, remainingNanos: usd(3) });
    const off = await make({ name: "off", expiresAt: nowSeconds() - 1 });
    await useCases.updateKey({ id: off, userId: user.id, status: "disabled" });
    const list = async (
      status: Parameters<typeof useCases.readKeys.list>[0]["status"],
      range: Parameters<typeof aRange>[0] = {},
    ): Promise<readonly number[]> => {
      const page = await useCases.readKeys.list({
        userId: user.id,
        status,
        range: aRange({ hasTotal: true, ...range }),
      });
      return page.rows.map(({ id }) => id);
    };
    assert.deepEqual(await list(undefined), [off, capped, spent, expired, usable]);
    assert.deepEqual(await list("enabled"), [capped, usable]);
    assert.deepEqual(await list("expired"), [expired]);
    assert.deepEqual(await list("exhausted"), [spent]);
    assert.deepEqual(await list("disabled"), [off]);
    assert.deepEqual(await list(undefined, { keyword: "us" }), [usable]);
    const byRemaining = await list(undefined, { sort: "remaining_nanos", isDescending: true });
    assert.deepEqual(byRemaining.slice(-2), [capped, spent]);
    assert.deepEqual(await list(undefined, { sort: "status" }), [
      usable,
      capped,
      off,
      expired,
      spent,
    ]);
    assert.deepEqual(await list(undefined, { limit: 2, offset: 2 }), [spent, expired]);
  });
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { isQuotaFault } from "#domain/faults.ts";
import {
  aCall,
  aRelay,
  callCostNanos,
  ended,
  openMoneyFixture,
} from "../../testing/money-fixture.ts";
import type { MoneyFixture } from "../../testing/money-fixture.ts";

let fixture: MoneyFixture;

before(async () => {
  fixture = await openMoneyFixture();
});

after(async () => {
  const violations = await fixture.violations();
  await fixture.close();
  assert.deepEqual(violations, []);
});

const usd = 1_000_000_000n;

test("the same request for a lease twice is granted once", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  const first = await relay.acquire(userId, { leaseNo: 1, want: usd });
  assert.deepEqual(await relay.acquire(userId, { leaseNo: 1, want: 3n * usd }), first);
  assert.equal((await fixture.wallet(userId)).heldNanos, usd);
});

test("a lease is at most half of what is left, shared among the relays that hold leases", async () => {
  const userId = await fixture.addUser(8n * usd);
  const [left, right] = [aRelay(fixture), aRelay(fixture)];
  await left.hello();
  await right.hello();
  assert.deepEqual(await left.acquire(userId, { want: 100n * usd }), {
    kind: "granted",
    leaseNo: 1,
    grantedNanos: 4n * usd,
    isSingleCall: false,
  });
  assert.deepEqual(await right.acquire(userId, { want: 100n * usd }), {
    kind: "granted",
    leaseNo: 1,
    grantedNanos: usd,
    isSingleCall: false,
  });
});

test("what is needed at least is granted although it is more than the fair share", async () => {
  const userId = await fixture.addUser(8n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  const outcome = await relay.acquire(userId, { needMin: 7n * usd });
  assert.equal(outcome.kind === "granted" && outcome.grantedNanos, 7n * usd);
});

test("a refusal says what could be granted, and that money may come back", async () => {
  const userId = await fixture.addUser(2n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  const refusal = { kind: "refused", reason: "balance" } as const;
  assert.deepEqual(await relay.acquire(userId, { needMin: 3n * usd }), {
    ...refusal,
    leaseNo: 1,
    availableNanos: 2n * usd,
    retryAfterMs: 0,
    isSingleCall: true,
  });
  await relay.acquire(userId, { needMin: 2n * usd });
  const outcome = await relay.acquire(userId, { needMin: 1n });
  assert.ok(outcome.kind === "refused" && outcome.retryAfterMs > 0);
});

test("many relays at once never hold more than is available", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relays = Array.from({ length: 20 }, () => aRelay(fixture));
  await Promise.all(relays.map(async (relay) => relay.hello()));
  const outcomes = await Promise.all(
    relays.flatMap((relay) =>
      [1, 2, 3].map(async (leaseNo) => relay.acquire(userId, { leaseNo, needMin: usd / 3n })),
    ),
  );
  const held = outcomes.reduce(
    (sum, outcome) => sum + (outcome.kind === "granted" ? outcome.grantedNanos : 0n),
    0n,
  );
  assert.equal(held, (await fixture.wallet(userId)).heldNanos);
  assert.ok(held <= 10n * usd && held > 9n * usd);
});

test("a capped key's lease is held on the wallet and on the cap, and never beyond either", async () => {
  const userId = await fixture.addUser(10n * usd);
  const keyId = await fixture.addKey(userId, 2n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.acquire(userId, { keyId, needMin: usd });
  assert.equal((await fixture.cap(keyId)).heldNanos, usd);
  const refused = await relay.acquire(userId, { keyId, needMin: 2n * usd });
  assert.ok(refused.kind === "refused" && refused.reason === "key-cap");
  assert.equal(refused.availableNanos, usd);
  await relay.ship(0, [
    ended(aCall({ userId, keyId })),
    { kind: "released", epoch: 1, leaseNo: 1 },
  ]);
  const cap = await fixture.cap(keyId);
  assert.equal(cap.heldNanos, 0n);
  assert.equal(cap.usedNanos, callCostNanos);
  assert.equal((await fixture.wallet(userId)).heldNanos, 0n);
});

test("an older epoch gets no money", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello(1);
  await fixture.useCases.hello({
    journalId: relay.journalId,
    epoch: 2,
    nodeName: "other",
    build: "",
  });
  const outcome = await relay.acquire(userId, { needMin: 1n });
  assert.ok(outcome.kind === "refused" && outcome.reason === "fenced");
  assert.equal((await fixture.wallet(userId)).heldNanos, 0n);
});

test("a hello with an older epoch is told the newest one", async () => {
  const relay = aRelay(fixture);
  await relay.hello(5);
  const { journalId } = relay;
  const answer = await fixture.useCases.hello({ journalId, epoch: 4, nodeName: "", build: "" });
  assert.equal(answer.currentEpoch, 5);
});

test("a user or key that is gone or disabled gets no money", async () => {
  const userId = await fixture.addUser(10n * usd);
  const keyId = await fixture.addKey(userId, usd);
  const stranger = await fixture.addUser(usd);
  const relay = aRelay(fixture);
  await relay.hello();
  const reasonOf = async (user: number, key: number): Promise<string> => {
    const outcome = await relay.acquire(user, { keyId: key });
    return outcome.kind === "refused" ? outcome.reason : outcome.kind;
  };
  assert.equal(await reasonOf(999_999, 0), "revoked");
  assert.equal(await reasonOf(stranger, keyId), "revoked");
  await fixture.database.execute("update api_keys set status = 2 where id = ?", [keyId]);
  assert.equal(await reasonOf(userId, keyId), "revoked");
  await fixture.database.execute("update users set status = 2 where id = ?", [userId]);
  assert.equal(await reasonOf(userId, 0), "revoked");
});

test("a strict user gets money for the call that waits and for no other, however much there is, until the flag is taken away", async () => {
  const userId = await fixture.addUser(1000n * usd);
  const setStrict = async (isStrict: boolean): Promise<unknown> =>
    fixture.database.execute("update users set is_strict = ? where id = ?", [isStrict, userId]);
  await setStrict(true);
  const relay = aRelay(fixture);
  await relay.hello();
  const asked = { want: 100n * usd, needMin: 10n, singleNeed: 30n };
  assert.deepEqual(await relay.acquire(userId, { ...asked, leaseNo: 1 }), {
    kind: "granted",
    leaseNo: 1,
    grantedNanos: 30n,
    isSingleCall: true,
  });
  assert.equal((await relay.acquire(userId, { ...asked, leaseNo: 2, reason: 2 })).kind, "refused");
  assert.equal((await fixture.wallet(userId)).heldNanos, 30n);
  await setStrict(false);
  const trusted = await relay.acquire(userId, { ...asked, leaseNo: 3 });
  assert.ok(trusted.kind === "granted" && !trusted.isSingleCall);
});

test("a beat gives back leases whose grant never arrived, and only those", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.acquire(userId, { leaseNo: 1, needMin: usd });
  await relay.acquire(userId, { leaseNo: 2, needMin: usd });
  await relay.acquire(userId, { leaseNo: 3, needMin: usd });
  // Number 1 is known, 2 was lost on the way, and 3 is not settled yet from the relay's view.
  await relay.beat(2, [1]);
  assert.equal((await fixture.wallet(userId)).heldNanos, 2n * usd);
});

test("a beat does not give back a lease whose release is written but not applied", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.acquire(userId, { leaseNo: 1, needMin: usd });
  await relay.beat(1, [1]);
  assert.equal((await fixture.wallet(userId)).heldNanos, usd);
  await relay.ship(0, [ended(aCall({ userId })), { kind: "released", epoch: 1, leaseNo: 1 }]);
  await relay.beat(1, []);
  const wallet = await fixture.wallet(userId);
  assert.equal(wallet.heldNanos, 0n);
  assert.equal(wallet.postedNanos, 10n * usd - callCostNanos);
});

test("a beat of an older epoch is fenced", async () => {
  const relay = aRelay(fixture);
  await relay.hello(2);
  const { journalId } = relay;
  await assert.rejects(
    fixture.useCases.beat({
      journalId,
      epoch: 1,
      acknowledgedSeq: 0,
      resolvedUpTo: 0,
      knownLeases: [],
    }),
    (error) => isQuotaFault("EPOCH_FENCED", error),
  );
});

test("leases that were released long ago are forgotten, active ones never", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.acquire(userId, { leaseNo: 1, needMin: usd });
  await relay.acquire(userId, { leaseNo: 2, needMin: usd });
  await relay.ship(0, [{ kind: "released", epoch: 1, leaseNo: 1 }]);
  const { leases } = fixture.money;
  assert.ok((await leases.removeReleasedBefore(fixture.clock.nowMs() + 1, 1000)) >= 1);
  assert.equal(await leases.removeReleasedBefore(fixture.clock.nowMs() + 1, 1000), 0);
  assert.equal((await fixture.wallet(userId)).heldNanos, usd);
});

test("a relay that was told a higher mark than the journal has gets nothing released, for commits are lost", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.acquire(userId, { want: usd });
  await assert.rejects(relay.beat(1, [], 5), (error) => isQuotaFault("JOURNAL_UNKNOWN", error));
  assert.equal((await fixture.wallet(userId)).heldNanos, usd);
  await relay.beat(1, [], 0);
  assert.equal((await fixture.wallet(userId)).heldNanos, 0n);
});

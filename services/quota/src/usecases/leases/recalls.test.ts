/** Money that one relay holds and another one's call needs, over a real database. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually } from "@tollgate/kit/testing/eventually";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import type { Money } from "#money.ts";
import type { RecallNotice } from "#usecases/changes.ts";
import { aRelay, openMoneyFixture } from "../../testing/money-fixture.ts";
import type { FakeRelay, MoneyFixture } from "../../testing/money-fixture.ts";

let fixture: MoneyFixture;
let otherReplica: Money;

before(async () => {
  fixture = await openMoneyFixture();
  otherReplica = await fixture.openAgain();
});

after(async () => {
  const violations = await fixture.violations();
  await fixture.close();
  assert.deepEqual(violations, []);
});

const usd = 1_000_000_000n;
const starved = 3;

async function newRelay(money: Money = fixture.money): Promise<FakeRelay> {
  const relay = aRelay({ money });
  await relay.hello();
  return relay;
}

/** What a relay's session is told. */
function listen(relay: FakeRelay, money: Money = fixture.money): RecallNotice[] {
  const heard: RecallNotice[] = [];
  money.useCases.recalls.follow({ journalId: relay.journalId, epoch: 1 }, (notice) =>
    heard.push(notice),
  );
  return heard;
}

const amountsOf = (notices: readonly RecallNotice[]) =>
  notices.map(({ leaseNo, keepNanos }) => ({ leaseNo, keepNanos }));

test("a call that starves gets what lies idle on another relay, at its second try", async () => {
  const userId = await fixture.addUser(8n * usd);
  const [rich, poor] = [await newRelay(), await newRelay()];
  const heard = listen(rich);
  await rich.acquire(userId, { needMin: 7n * usd });
  await rich.beat(1, [{ leaseNo: 1, free: 6n * usd }]);
  const refusal = await poor.acquire(userId, { needMin: 3n * usd, reason: starved });
  assert.ok(refusal.kind === "refused");
  assert.equal(refusal.retryAfterMs, 100, "it may try again");
  assert.deepEqual(amountsOf(heard), [{ leaseNo: 1, keepNanos: 4n * usd }]);
  await rich.ship(0, [{ kind: "returned", epoch: 1, leaseNo: 1, amountNanos: nanoUsd(2n * usd) }]);
  const second = await poor.acquire(userId, { needMin: 3n * usd, reason: starved });
  assert.equal(second.kind, "granted");
});

test("a recall reaches a relay whose session is with another replica by that one's next poll", async () => {
  const userId = await fixture.addUser(8n * usd);
  const rich = await newRelay(otherReplica);
  const poor = await newRelay();
  const heard = listen(rich, otherReplica);
  await rich.acquire(userId, { needMin: 7n * usd });
  await poor.acquire(userId, { needMin: 3n * usd });
  assert.deepEqual(heard, []);
  await fixture.clock.advance(500);
  await eventually(() => heard.length > 0);
  // What is free there is not known here, so it is taken to be all that it holds.
  assert.deepEqual(amountsOf(heard), [{ leaseNo: 1, keepNanos: 5n * usd }]);
});

test("a relay without a session hears of a recall with the answer to its beat, once", async () => {
  const userId = await fixture.addUser(8n * usd);
  const [rich, poor] = [await newRelay(), await newRelay()];
  await rich.acquire(userId, { needMin: 7n * usd });
  await poor.acquire(userId, { needMin: 3n * usd });
  const inventory = [{ leaseNo: 1, free: 7n * usd }];
  assert.equal((await rich.beat(1, inventory)).recalls.length, 1);
  assert.equal((await rich.beat(1, inventory)).recalls.length, 0);
});

test("what a busy relay needs stays with it while others hold more than they need", async () => {
  const userId = await fixture.addUser(12n * usd);
  const [busy, idle, poor] = [await newRelay(), await newRelay(), await newRelay()];
  const [busyHeard, idleHeard] = [listen(busy), listen(idle)];
  await busy.acquire(userId, { needMin: 6n * usd });
  await idle.acquire(userId, { needMin: 5n * usd });
  await busy.beat(1, [{ leaseNo: 1, free: 4n * usd, spendRate: usd }]);
  await idle.beat(1, [{ leaseNo: 1, free: 3n * usd }]);
  await poor.acquire(userId, { needMin: 3n * usd });
  assert.deepEqual(amountsOf(idleHeard), [{ leaseNo: 1, keepNanos: usd }]);
  assert.deepEqual(busyHeard, []);
});

test("when a key's cap is in the way, only leases of that key are called back", async () => {
  const userId = await fixture.addUser(100n * usd);
  const keyId = await fixture.addKey(userId, 5n * usd);
  const [ofKey, ofUser, poor] = [await newRelay(), await newRelay(), await newRelay()];
  const [keyHeard, userHeard] = [listen(ofKey), listen(ofUser)];
  await ofKey.acquire(userId, { keyId, needMin: 4n * usd });
  await ofUser.acquire(userId, { needMin: 50n * usd });
  const refusal = await poor.acquire(userId, { keyId, needMin: 2n * usd });
  assert.ok(refusal.kind === "refused" && refusal.reason === "key-cap");
  assert.deepEqual(amountsOf(keyHeard), [{ leaseNo: 1, keepNanos: 3n * usd }]);
  assert.deepEqual(userHeard, []);
});

test("a relay that is silent is not waited for", async () => {
  const userId = await fixture.addUser(8n * usd);
  const [gone, poor] = [await newRelay(), await newRelay()];
  const heard = listen(gone);
  await gone.acquire(userId, { needMin: 7n * usd });
  await fixture.clock.advance(31_000);
  const refusal = await poor.acquire(userId, { needMin: 3n * usd });
  assert.ok(refusal.kind === "refused");
  assert.equal(refusal.availableNanos, usd);
  assert.deepEqual(heard, []);
});

test("money for calls to come is not taken from others, and one's own comes back by itself", async () => {
  const userId = await fixture.addUser(8n * usd);
  const [rich, poor] = [await newRelay(), await newRelay()];
  const heard = listen(rich);
  await rich.acquire(userId, { needMin: 7n * usd });
  await poor.acquire(userId, { needMin: 3n * usd, reason: 2 });
  await rich.acquire(userId, { leaseNo: 2, needMin: 3n * usd, reason: starved });
  assert.deepEqual(heard, []);
});

test("near the end every relay gets a lease for one call, and together never more than there is", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relays = await Promise.all(Array.from({ length: 4 }, async () => newRelay()));
  const wish = { want: 100n * usd, needMin: usd, singleNeed: 2n * usd };
  const outcomes = await Promise.all(
    [1, 2, 3].flatMap((leaseNo) =>
      relays.map(async (relay) => relay.acquire(userId, { leaseNo, ...wish })),
    ),
  );
  const granted = outcomes.filter(({ kind }) => kind === "granted");
  assert.ok(granted.some(({ isSingleCall }) => isSingleCall));
  const { heldNanos } = await fixture.wallet(userId);
  assert.ok(heldNanos > 8n * usd && heldNanos <= 10n * usd);
  const again = await relays[0]?.acquire(userId, { leaseNo: 1, ...wish });
  assert.deepEqual(again, outcomes[0], "a repeated request gets the same answer");
});

test("a top-up is news for every relay", async () => {
  const userId = await fixture.addUser(0n);
  const filled: number[] = [];
  otherReplica.changes.subscribe(({ filledUserIds = [] }) => filled.push(...filledUserIds));
  const adjustment = { userId, kind: "top-up", remark: "", actorId: 0 } as const;
  await fixture.useCases.adjustWallet({
    ...adjustment,
    requestId: "fill",
    amountNanos: nanoUsd(usd),
  });
  await fixture.clock.advance(500);
  await eventually(() => filled.at(-1) === userId);
});

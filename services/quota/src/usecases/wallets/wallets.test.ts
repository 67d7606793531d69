import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { isQuotaFault } from "#domain/faults.ts";
import type { Adjustment } from "#usecases/money-ports.ts";
import { aCall, aRelay, ended, openMoneyFixture } from "../../testing/money-fixture.ts";
import type { MoneyFixture } from "../../testing/money-fixture.ts";

let fixture: MoneyFixture;

before(async () => {
  fixture = await openMoneyFixture();
});

after(async () => {
  await fixture.close();
});

const usd = 1_000_000_000n;

function anAdjustment(fields: Partial<Adjustment> & { readonly userId: number }): Adjustment {
  return {
    requestId: `adjustment-${Math.random()}`,
    amountNanos: nanoUsd(usd),
    kind: "top-up",
    remark: "thanks",
    actorId: 1,
    ...fields,
  };
}

test("an adjustment is applied once, also when its calls race", async () => {
  const userId = await fixture.addUser(0n);
  const adjustment = anAdjustment({ userId });
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, async () => fixture.useCases.adjustWallet(adjustment)),
  );
  assert.equal(outcomes.filter(({ isApplied }) => isApplied).length, 1);
  assert.equal((await fixture.wallet(userId)).postedNanos, usd);
});

test("a request id that meant another adjustment is refused", async () => {
  const userId = await fixture.addUser(0n);
  const adjustment = anAdjustment({ userId });
  await fixture.useCases.adjustWallet(adjustment);
  await assert.rejects(
    fixture.useCases.adjustWallet({ ...adjustment, amountNanos: nanoUsd(2n) }),
    (error) => isQuotaFault("REQUEST_ID_REUSED", error),
  );
});

test("no more can be taken than is available, which is without what leases hold", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.acquire(userId, { needMin: 4n * usd });
  const take = async (amount: bigint) =>
    fixture.useCases.adjustWallet(anAdjustment({ userId, amountNanos: nanoUsd(-amount) }));
  await assert.rejects(take(6n * usd + 1n), (error) => isQuotaFault("BALANCE_EXHAUSTED", error));
  await take(6n * usd);
  assert.equal((await fixture.wallet(userId)).postedNanos, 4n * usd);
});

test("balances are exact up to 9 × 10^18", async () => {
  const userId = await fixture.addUser(0n);
  const amount = 9_000_000_000_000_000_000n - 7n;
  await fixture.useCases.adjustWallet(anAdjustment({ userId, amountNanos: nanoUsd(amount) }));
  assert.equal((await fixture.wallet(userId)).postedNanos, amount);
  await fixture.useCases.adjustWallet(anAdjustment({ userId, amountNanos: nanoUsd(3n) }));
  assert.equal((await fixture.wallet(userId)).postedNanos, amount + 3n);
  const { rows } = await fixture.useCases.ledger.list(userId, {
    offset: 0,
    limit: 10,
    hasTotal: true,
  });
  assert.deepEqual(new Set(rows.map(({ amountNanos }) => amountNanos)), new Set([3n, amount]));
  await assert.rejects(
    fixture.useCases.adjustWallet(anAdjustment({ userId, amountNanos: nanoUsd(100n) })),
    (error) => isQuotaFault("AMOUNT_INVALID", error),
  );
  await fixture.useCases.adjustWallet(
    anAdjustment({ userId, amountNanos: nanoUsd(-amount), kind: "correction" }),
  );
});

test("an amount of zero, an empty request id and an unknown user are refused", async () => {
  const userId = await fixture.addUser(0n);
  const { adjustWallet } = fixture.useCases;
  await assert.rejects(adjustWallet(anAdjustment({ userId, amountNanos: nanoUsd(0n) })), (error) =>
    isQuotaFault("AMOUNT_INVALID", error),
  );
  await assert.rejects(adjustWallet(anAdjustment({ userId, requestId: "" })), (error) =>
    isQuotaFault("ADJUSTMENT_INVALID", error),
  );
  await assert.rejects(adjustWallet(anAdjustment({ userId: 999_999 })), (error) =>
    isQuotaFault("WALLET_NOT_FOUND", error),
  );
});

test("the check of the ledger finds every kind of planted error", async () => {
  const userId = await fixture.addUser(10n * usd);
  const keyId = await fixture.addKey(userId, 5n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.acquire(userId, { keyId, needMin: usd });
  await relay.ship(0, [ended(aCall({ userId, keyId }))]);
  assert.deepEqual(await fixture.violations(), []);
  const plants: readonly (readonly [string, RegExp])[] = [
    ["wallets set posted_nanos = posted_nanos + 1 where user_id", /balance of user/u],
    ["wallets set held_nanos = held_nanos + 1 where user_id", /held of user/u],
    ["wallets set used_nanos = used_nanos + 1 where user_id", /has used/u],
    ["wallets set request_count = request_count + 1 where user_id", /request count/u],
    ["usage_hour set requests = requests + 1 where user_id", /usage_hour/u],
    ["usage_day set cost_nanos = cost_nanos + 1 where user_id", /usage_day/u],
    ["key_caps set held_nanos = held_nanos + 1 where user_id", /held on key/u],
    ["key_caps set used_nanos = used_nanos + 1 where user_id", /what key/u],
    ["ledger_entries set amount_nanos = amount_nanos + 1 where user_id", /does not sum to zero/u],
    ["usage_log set cost_nanos = cost_nanos + 1 where user_id", /settlements of user/u],
  ];
  for (const [statement, sentence] of plants) {
    await fixture.database.execute(`update ${statement} = ?`, [userId]);
    for (const scope of [0, userId]) {
      const { violations } = await fixture.useCases.ledgerCheck.check(scope);
      assert.ok(
        violations.some((violation) => sentence.test(violation)),
        `${statement} in scope ${scope}: ${violations.join("; ")}`,
      );
    }
    const undo = statement.replace(" + 1 ", " - 1 ");
    await fixture.database.execute(`update ${undo} = ?`, [userId]);
  }
  assert.deepEqual(await fixture.violations(), []);
});

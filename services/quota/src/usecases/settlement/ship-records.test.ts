import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { integerColumn } from "@tollgate/kit/sql/column-value";
import type { SqlRow } from "@tollgate/kit/sql/database";
import { isQuotaFault } from "#domain/faults.ts";
import type { JournalEntry } from "#domain/journal-entry.ts";
import { bases } from "#domain/usage.ts";
import {
  aCall,
  aRelay,
  callCostNanos,
  ended,
  openMoneyFixture,
  stretch,
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

async function countRows(table: string, requestId: Uint8Array): Promise<number> {
  const sql = `select count(*) as n from ${table} where request_id = ?`;
  const [row] = await fixture.database.query<SqlRow>(sql, [requestId]);
  return integerColumn(row?.["n"]);
}

test("a call is posted to wallet, lease, key and ledger with its cost", async () => {
  const userId = await fixture.addUser(10n * usd);
  const keyId = await fixture.addKey(userId);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.acquire(userId, { want: usd });
  const outcome = await relay.ship(0, [ended(aCall({ userId, keyId }))]);
  assert.deepEqual(outcome, { hwm: 1, costMismatches: 0 });
  const wallet = await fixture.wallet(userId);
  assert.equal(wallet.postedNanos, 10n * usd - callCostNanos);
  assert.equal(wallet.heldNanos, usd - callCostNanos);
  assert.equal(wallet.usedNanos, callCostNanos);
  assert.equal(wallet.requestCount, 1);
  const cap = await fixture.cap(keyId);
  assert.equal(cap.usedNanos, callCostNanos);
  assert.equal(cap.accessedAt, fixture.clock.nowMs() / 1000);
});

test("a batch that is shipped twice is posted once", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.acquire(userId, { want: usd });
  const batch = [ended(aCall({ userId })), ended(aCall({ userId }))];
  await relay.ship(0, batch);
  assert.deepEqual(await relay.ship(0, batch), { hwm: 2, costMismatches: 0 });
  assert.equal((await fixture.wallet(userId)).requestCount, 2);
});

test("of an overlapping batch only the new records are posted", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  const [first, second, third] = [1, 2, 3].map(() => ended(aCall({ userId, leaseNo: 0 })));
  assert.ok(first && second && third);
  await relay.ship(0, [first, second]);
  assert.equal((await relay.ship(1, [second, third])).hwm, 3);
  assert.equal((await fixture.wallet(userId)).usedNanos, 3n * callCostNanos);
});

test("a batch behind a gap changes nothing and answers how far the journal is applied", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.ship(0, [ended(aCall({ userId, leaseNo: 0 }))]);
  assert.equal((await relay.ship(5, [ended(aCall({ userId, leaseNo: 0 }))])).hwm, 1);
  assert.equal((await fixture.wallet(userId)).requestCount, 1);
});

test("a request id is posted once, within a batch, across batches and across journals", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  const other = aRelay(fixture);
  await relay.hello();
  await other.hello();
  const call = aCall({ userId, leaseNo: 0 });
  assert.equal((await relay.ship(0, [ended(call), ended(call)])).hwm, 2);
  assert.equal((await relay.ship(2, [ended(call), ended(aCall({ userId, leaseNo: 0 }))])).hwm, 4);
  assert.equal((await other.ship(0, [ended(call)])).hwm, 1);
  assert.equal(await countRows("usage_log", call.requestId), 1);
  assert.equal((await fixture.wallet(userId)).usedNanos, 2n * callCostNanos);
});

test("long batches are applied whole although in several transactions", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  const batch = Array.from({ length: 950 }, () => ended(aCall({ userId, leaseNo: 0 })));
  assert.equal((await relay.ship(0, batch)).hwm, 950);
  assert.equal((await fixture.wallet(userId)).requestCount, 950);
});

test("quota's own figure is posted when the relay computed another one", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  const call = aCall({ userId, leaseNo: 0, costNanos: nanoUsd(1n) });
  assert.equal((await relay.ship(0, [ended(call)])).costMismatches, 1);
  assert.equal((await fixture.wallet(userId)).usedNanos, callCostNanos);
});

test("a call that delivered nothing costs nothing", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  const failed = { userId, leaseNo: 0, costNanos: nanoUsd(0n), errorReason: "CONNECT_REFUSED" };
  await relay.ship(0, [
    ended(aCall({ ...failed, basis: bases.failed })),
    ended(aCall({ ...failed, basis: bases.crashUndelivered })),
  ]);
  const wallet = await fixture.wallet(userId);
  assert.equal(wallet.postedNanos, 10n * usd);
  assert.equal(wallet.requestCount, 2);
});

test("a call on a released or unknown lease is posted and marked late", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.acquire(userId, { want: usd });
  const late = aCall({ userId });
  const unknown = aCall({ userId, leaseNo: 77 });
  await relay.ship(0, [{ kind: "released", epoch: 1, leaseNo: 1 }, ended(late), ended(unknown)]);
  const wallet = await fixture.wallet(userId);
  assert.equal(wallet.heldNanos, 0n);
  assert.equal(wallet.usedNanos, 2n * callCostNanos);
  const rows = await fixture.database.query<SqlRow>(
    "select flags from usage_log where request_id in (?, ?)",
    [late.requestId, unknown.requestId],
  );
  assert.deepEqual(
    rows.map((row) => integerColumn(row["flags"]) & 4),
    [4, 4],
  );
});

test("a cost above the lease is posted whole and takes no more than the lease from what is held", async () => {
  const userId = await fixture.addUser(1000n);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.acquire(userId, { needMin: 1000n });
  await relay.ship(0, [ended(aCall({ userId }))]);
  const wallet = await fixture.wallet(userId);
  assert.equal(wallet.postedNanos, 1000n - callCostNanos);
  assert.equal(wallet.heldNanos, 0n);
});

test("a returned part of a lease is never more than its remainder", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.acquire(userId, { want: usd });
  const giveBack = (amount: bigint): JournalEntry => ({
    kind: "returned",
    epoch: 1,
    leaseNo: 1,
    amountNanos: nanoUsd(amount),
  });
  await relay.ship(0, [giveBack(usd / 4n)]);
  assert.equal((await fixture.wallet(userId)).heldNanos, (3n * usd) / 4n);
  await relay.ship(1, [giveBack(5n * usd), giveBack(-5n)]);
  assert.equal((await fixture.wallet(userId)).heldNanos, 0n);
});

test("the end of an epoch releases the leases of older epochs, after their usage", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello(1);
  await relay.acquire(userId, { want: usd });
  await relay.hello(2);
  await relay.acquire(userId, { want: usd });
  await relay.ship(0, [ended(aCall({ userId })), { kind: "epoch-ended", epoch: 2 }]);
  const wallet = await fixture.wallet(userId);
  assert.equal(wallet.heldNanos, usd);
  assert.equal(wallet.usedNanos, callCostNanos);
});

test("records that are left out count, also where a batch is cut or overlaps", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  const calls = Array.from({ length: 700 }, (_, index) => ({
    seq: 3 * index + 2,
    entry: ended(aCall({ userId, leaseNo: 0 })),
  }));
  const { journalId } = relay;
  const batch = { journalId, epoch: 1, fromSeq: 0, nextSeq: 2105, records: calls };
  assert.equal((await fixture.useCases.shipRecords(batch)).hwm, 2105);
  const last = { seq: 2106, entry: ended(aCall({ userId, leaseNo: 0 })) };
  const overlap = { ...batch, fromSeq: 2000, nextSeq: 2107 };
  const records = [...calls.filter(({ seq }) => seq >= 2000), last];
  assert.equal((await fixture.useCases.shipRecords({ ...overlap, records })).hwm, 2107);
  assert.equal((await fixture.wallet(userId)).requestCount, 701);
});

test("starts and checkpoints advance the journal and post nothing", async () => {
  const relay = aRelay(fixture);
  await relay.hello();
  assert.equal((await relay.ship(0, [{ kind: "passed" }, { kind: "passed" }])).hwm, 2);
});

test("an older epoch is fenced and one that never said hello is refused", async () => {
  const relay = aRelay(fixture);
  await relay.hello(3);
  await assert.rejects(
    fixture.useCases.shipRecords({
      journalId: relay.journalId,
      epoch: 2,
      ...stretch(0, []),
    }),
    (error) => isQuotaFault("EPOCH_FENCED", error),
  );
  await assert.rejects(
    fixture.useCases.shipRecords({
      journalId: uuidV7Bytes(),
      epoch: 1,
      ...stretch(0, []),
    }),
    (error) => isQuotaFault("JOURNAL_UNKNOWN", error),
  );
});

test("several tries, or a failed one, are kept; a single good one is not", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  const good = { channelId: 3, status: 200, reason: "", elapsedMs: 900 };
  const bad = { channelId: 4, status: 500, reason: "UPSTREAM_ERROR", elapsedMs: 10 };
  const plain = aCall({ userId, leaseNo: 0, attempts: [good] });
  const retried = aCall({ userId, leaseNo: 0, attempts: [bad, good] });
  await relay.ship(0, [ended(plain), ended(retried)]);
  assert.equal(await countRows("upstream_attempts", plain.requestId), 0);
  assert.equal(await countRows("upstream_attempts", retried.requestId), 2);
});

test("a live view hears of every posted call once", async () => {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  const heard: string[] = [];
  const end = fixture.money.settled.subscribe((calls) => {
    heard.push(...calls.map(({ username, model }) => `${username} ${model}`));
  });
  const batch = [ended(aCall({ userId, leaseNo: 0 }))];
  await relay.ship(0, batch);
  await relay.ship(0, batch);
  end();
  assert.deepEqual(heard, [`user${userId} gpt-4o`]);
});

/** Giving up a journal whose disk is gone, over a real database. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { ZERO } from "@tollgate/kit/money/nano-usd";
import { integerColumn } from "@tollgate/kit/sql/column-value";
import type { SqlRow } from "@tollgate/kit/sql/database";
import { eventually } from "@tollgate/kit/testing/eventually";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import { fault, isQuotaFault } from "#domain/faults.ts";
import type { EndedCall, JournalEntry } from "#domain/journal-entry.ts";
import { bases, noUsage } from "#domain/usage.ts";
import { createJournalDeskStore } from "#store/sql/journal-desk-store.ts";
import {
  aCall,
  aRelay,
  callCostNanos,
  ended,
  openMoneyFixture,
} from "../../testing/money-fixture.ts";
import type { FakeRelay, MoneyFixture } from "../../testing/money-fixture.ts";
import { silentLogger } from "../../testing/open-test-database.ts";
import { startForceClosing } from "./force-close-silent.ts";

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

/** A checkpoint of a call that runs for long; what {@link aCall} used, if nothing else is said. */
function open(call: EndedCall): JournalEntry {
  return { kind: "open", call };
}

/** A user of 10 USD with a lease of 1 USD on a relay of its own. */
async function newScene(): Promise<{ readonly userId: number; readonly relay: FakeRelay }> {
  const userId = await fixture.addUser(10n * usd);
  const relay = aRelay(fixture);
  await relay.hello();
  await relay.acquire(userId, { want: usd });
  return { userId, relay };
}

async function rowOf(requestId: Uint8Array): Promise<SqlRow | undefined> {
  const sql = "select basis, flags, cost_nanos from usage_log where request_id = ?";
  return (await fixture.database.query<SqlRow>(sql, [requestId]))[0];
}

const minute = 60_000;

test("an open call is billed by its last shipped checkpoint, leases come back, and the second time nothing happens", async () => {
  const { userId, relay } = await newScene();
  const call = aCall({ userId, isStream: true });
  const earlier = { ...call, usage: { ...noUsage, inputTokens: 1, calls: 1 } };
  await relay.ship(0, [open(earlier), { kind: "passed" }, open(call)]);
  await fixture.clock.advance(2 * minute);
  assert.deepEqual(await fixture.useCases.forceClose(relay.journalId), {
    billedCalls: 1,
    costNanos: callCostNanos,
    releasedLeases: 1,
    releasedNanos: usd - callCostNanos,
  });
  const wallet = await fixture.wallet(userId);
  assert.deepEqual(
    [wallet.postedNanos, wallet.heldNanos, wallet.requestCount],
    [10n * usd - callCostNanos, 0n, 1],
  );
  assert.equal(integerColumn((await rowOf(call.requestId))?.["basis"]), bases.nodeLost);
  assert.deepEqual(await fixture.useCases.forceClose(relay.journalId), {
    billedCalls: 0,
    costNanos: ZERO,
    releasedLeases: 0,
    releasedNanos: ZERO,
  });
});

test("a call whose end was shipped is no longer open", async () => {
  const { userId, relay } = await newScene();
  const call = aCall({ userId, durationMs: 7000 });
  await relay.ship(0, [open(call)]);
  await relay.ship(1, [ended(call), open(aCall({ userId })), open(aCall({ userId }))]);
  const [journal] = (await fixture.useCases.desk.list({ offset: 0, limit: 1, hasTotal: false }))
    .rows;
  assert.equal(journal?.openCalls, 2);
  const crashed = { ...call, requestId: uuidV7Bytes(), durationMs: 0, basis: bases.crash };
  await relay.ship(4, [open(crashed), { kind: "passed" }]);
  await relay.ship(6, [ended(crashed)]);
  await fixture.clock.advance(2 * minute);
  assert.equal((await fixture.useCases.forceClose(relay.journalId)).billedCalls, 2);
});

test("an end that shows up later is posted and marked late, and one that was billed already is not billed again", async () => {
  const { userId, relay } = await newScene();
  const billed = aCall({ userId });
  await relay.ship(0, [open(billed)]);
  await fixture.clock.advance(2 * minute);
  await fixture.useCases.forceClose(relay.journalId);
  // Its disk is found again: the next process has the next epoch.
  const late = aCall({ userId });
  await relay.hello(2);
  await relay.ship(1, [
    ended({ ...late, epoch: 1 }),
    ended({ ...billed, epoch: 1, durationMs: 9000 }),
    { kind: "epoch-ended", epoch: 2 },
  ]);
  const lateBit = 4;
  assert.ok((integerColumn((await rowOf(late.requestId))?.["flags"]) & lateBit) !== 0);
  const wallet = await fixture.wallet(userId);
  assert.deepEqual(
    [wallet.usedNanos, wallet.requestCount, wallet.heldNanos],
    [2n * callCostNanos, 2, 0n],
  );
});

test("the process that may still write the journal is fenced", async () => {
  const { userId, relay } = await newScene();
  await fixture.clock.advance(2 * minute);
  await fixture.useCases.forceClose(relay.journalId);
  await assert.rejects(relay.ship(0, [ended(aCall({ userId }))]), (error) =>
    isQuotaFault("EPOCH_FENCED", error),
  );
  const outcome = await relay.acquire(userId, { want: usd });
  assert.ok(outcome.kind === "refused" && outcome.reason === "fenced");
});

test("a journal whose relay is heard of is not given up, nor one that is unknown", async () => {
  const { relay } = await newScene();
  await fixture.clock.advance(2 * minute);
  await relay.beat(1, [1]);
  await assert.rejects(fixture.useCases.forceClose(relay.journalId), (error) =>
    isQuotaFault("JOURNAL_ALIVE", error),
  );
  await assert.rejects(fixture.useCases.forceClose(uuidV7Bytes()), (error) =>
    isQuotaFault("JOURNAL_NOT_FOUND", error),
  );
});

test("operators see journals with what they hold, and the leases of one", async () => {
  const { userId, relay } = await newScene();
  await relay.acquire(userId, { want: 2n * usd });
  await fixture.clock.advance(1);
  await relay.ship(0, [ended(aCall({ userId }))]);
  const page = await fixture.useCases.desk.list({ offset: 0, limit: 1, hasTotal: true });
  const [journal] = page.rows;
  assert.deepEqual(new Uint8Array(journal?.journalId ?? []), relay.journalId);
  assert.deepEqual(
    [
      journal?.nodeName,
      journal?.epoch,
      journal?.leaseCount,
      journal?.heldNanos,
      journal?.lastSeenMs,
    ],
    ["relay", 1, 2, 3n * usd - callCostNanos, fixture.clock.nowMs()],
  );
  assert.ok(page.total > 1);
  const leases = await fixture.useCases.leases.activeOfJournal(relay.journalId, 10);
  assert.deepEqual(
    leases.map(({ leaseNo }) => leaseNo),
    [2, 1],
  );
});

test("silent journals are given up by themselves only where that is configured", async () => {
  const { userId, relay } = await newScene();
  const clock = createFakeClock(fixture.clock.nowMs());
  const closed: Uint8Array[] = [];
  const store = createJournalDeskStore(fixture.database);
  let looks = 0;
  let answers = 0;
  const desk: typeof store = {
    ...store,
    listSilent: async (...asked) => {
      looks += 1;
      return store.listSilent(...asked).finally(() => {
        answers += 1;
      });
    },
  };
  const start = (forceCloseAfterHours: number): (() => void) =>
    startForceClosing({
      desk,
      forceClose: async (journalId) => {
        closed.push(journalId);
        throw fault("JOURNAL_ALIVE");
      },
      clock,
      logger: silentLogger,
      forceCloseAfterHours,
    });
  const isClosed = (): boolean => closed.some((id) => Buffer.compare(id, relay.journalId) === 0);
  const stops = [start(0), start(48)];
  await clock.advance(24 * 60 * minute);
  await eventually(() => looks > 0 && answers === looks);
  assert.equal(isClosed(), false);
  stops.push(start(23));
  await clock.advance(10 * minute);
  await eventually(isClosed);
  stops.forEach((stop) => stop());
  assert.equal((await fixture.wallet(userId)).heldNanos, usd);
});

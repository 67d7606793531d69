/**
 * Relays that crash, lose answers, repeat themselves and deliver old packets late, over a real database. Whatever happens, every call
 * is posted once, the books hold, no balance falls below zero, and at the end nothing is held.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import { ZERO, nanoUsd } from "@tollgate/kit/money/nano-usd";
import { createSeededRandom } from "@tollgate/kit/testing/seeded-random";
import type { SeededRandom } from "@tollgate/kit/testing/seeded-random";
import type { JournalEntry } from "#domain/journal-entry.ts";
import {
  aCall,
  callCostNanos,
  ended,
  openMoneyFixture,
  stretch,
} from "../../testing/money-fixture.ts";
import type { MoneyFixture } from "../../testing/money-fixture.ts";

interface OpenLease {
  readonly leaseNo: number;
  readonly userId: number;
  freeNanos: bigint;
}

type Packet = () => Promise<unknown>;

/** A relay whose journal survives its crashes; the rest of its memory does not. */
function simulateRelay(useCases: MoneyFixture["useCases"], random: SeededRandom) {
  const journalId = uuidV7Bytes();
  const journal: JournalEntry[] = [];
  const late: Packet[] = [];
  let epoch = 0;
  let hwm = 0;
  let lastLeaseNo = 0;
  let leases: OpenLease[] = [];
  let releasedAt = new Map<number, number>();

  const chance = (percent: number): boolean => random.integer(0, 99) < percent;

  async function start(): Promise<void> {
    epoch += 1;
    lastLeaseNo = 0;
    leases = [];
    releasedAt = new Map();
    if (epoch > 1) {
      journal.push({ kind: "epoch-ended", epoch });
    }
    const answer = await useCases.hello({ journalId, epoch, nodeName: "", build: "" });
    hwm = answer.hwm;
  }

  async function acquire(userId: number): Promise<void> {
    lastLeaseNo += 1;
    const request = {
      journalId,
      epoch,
      leaseNo: lastLeaseNo,
      userId,
      keyId: 0,
      wantNanos: nanoUsd(BigInt(random.integer(1, 20)) * callCostNanos),
      needMinNanos: callCostNanos,
      singleNeedNanos: callCostNanos,
      typicalNanos: callCostNanos,
      reason: 1,
    };
    const outcome = await useCases.acquireLease(request);
    late.push(async () => useCases.acquireLease(request));
    // An answer that is lost leaves a grant that the relay knows nothing of.
    if (outcome.kind === "granted" && !chance(15)) {
      leases.push({ leaseNo: lastLeaseNo, userId, freeNanos: outcome.grantedNanos });
    }
  }

  function call(): void {
    const lease = leases[random.integer(0, Math.max(0, leases.length - 1))];
    if (lease !== undefined && lease.freeNanos >= callCostNanos) {
      lease.freeNanos -= callCostNanos;
      const { userId, leaseNo } = lease;
      journal.push(ended(aCall({ requestId: uuidV7Bytes(), userId, leaseNo, epoch })));
    }
  }

  function release(): void {
    const lease = leases.shift();
    if (lease !== undefined) {
      releasedAt.set(lease.leaseNo, journal.length);
      journal.push({ kind: "released", epoch, leaseNo: lease.leaseNo });
    }
  }

  async function ship(): Promise<void> {
    const fromSeq = Math.max(0, hwm - (chance(20) ? random.integer(0, 5) : 0));
    const entries = journal.slice(fromSeq, fromSeq + random.integer(1, 40));
    const request = { journalId, epoch, ...stretch(fromSeq, entries) };
    const answer = await useCases.shipRecords(request);
    late.push(async () => useCases.shipRecords(request));
    if (!chance(20)) {
      hwm = answer.hwm;
    }
  }

  async function beat(): Promise<void> {
    const unapplied = [...releasedAt].filter(([, seq]) => seq >= hwm).map(([leaseNo]) => leaseNo);
    const known = [...leases.map(({ leaseNo }) => leaseNo), ...unapplied];
    const knownLeases = known.map((leaseNo) => ({
      leaseNo,
      freeNanos: ZERO,
      spendRateNanos: ZERO,
    }));
    await useCases.beat({
      journalId,
      epoch,
      acknowledgedSeq: hwm,
      resolvedUpTo: lastLeaseNo,
      knownLeases,
    });
  }

  async function deliverLate(): Promise<void> {
    const packet = late[random.integer(0, Math.max(0, late.length - 1))];
    // A packet of an epoch that has ended is refused, which is its right answer.
    await packet?.().catch(() => undefined);
  }

  return {
    start,
    calls: () => journal.filter(({ kind }) => kind === "ended").length,
    async step(userIds: readonly number[]): Promise<void> {
      const choice = random.integer(0, 99);
      if (choice < 20) {
        await acquire(userIds[random.integer(0, userIds.length - 1)] ?? 0);
      } else if (choice < 60) {
        call();
      } else if (choice < 68) {
        release();
      } else if (choice < 85) {
        await ship();
      } else if (choice < 92) {
        await beat();
      } else if (choice < 98) {
        await deliverLate();
      } else {
        await start();
      }
    },
    /** Gives everything back without a new epoch, so that only a beat can find the grants that got lost. */
    async finish(): Promise<void> {
      while (leases.length > 0) {
        release();
      }
      while (hwm < journal.length) {
        await ship();
      }
      await beat();
    },
  };
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  test(`no call is lost or posted twice under crashes and repeats (seed ${seed})`, async () => {
    const fixture = await openMoneyFixture();
    const random = createSeededRandom(seed);
    const userIds = [
      await fixture.addUser(60n * callCostNanos),
      await fixture.addUser(1_000n * callCostNanos),
      await fixture.addUser(7n * callCostNanos + 1n),
    ];
    const relays = [1, 2, 3].map(() => simulateRelay(fixture.useCases, random));
    for (const relay of relays) {
      await relay.start();
    }
    for (let step = 0; step < 600; step += 1) {
      await relays[random.integer(0, relays.length - 1)]?.step(userIds);
    }
    assert.deepEqual(await fixture.violations(), []);
    for (const relay of relays) {
      await relay.finish();
    }
    const wallets = await Promise.all(userIds.map(async (userId) => fixture.wallet(userId)));
    const posted = wallets.reduce((sum, { requestCount }) => sum + requestCount, 0);
    assert.equal(
      posted,
      relays.reduce((sum, relay) => sum + relay.calls(), 0),
    );
    assert.ok(posted > 30);
    assert.deepEqual(
      wallets.map(({ heldNanos }) => heldNanos),
      [0n, 0n, 0n],
    );
    assert.ok(wallets.every(({ postedNanos }) => postedNanos >= 0n));
    assert.deepEqual(await fixture.violations(), []);
    await fixture.close();
  });
}

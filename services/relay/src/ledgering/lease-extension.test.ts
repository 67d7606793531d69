import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import type { SeededRandom } from "@tollgate/kit/testing/seeded-random";
import { createSeededRandom } from "@tollgate/kit/testing/seeded-random";
import type { RecordContent } from "#ledgering/encode-record.ts";
import { LeaseBook } from "#ledgering/lease-book.ts";
import { joinReservation, settleExtended } from "#ledgering/lease-extension.ts";
import type { Lease } from "#ledgering/lease.ts";

/** Quota's rules over one wallet: a lease is cut from what is available, and a cost falls on its lease and then on the wallet. */
function createBank(balance: number) {
  let posted = balance;
  let seq = 0;
  const remainders = new Map<number, number>();
  const held = (): number => [...remainders.values()].reduce((sum, rest) => sum + rest, 0);
  const take = (leaseNo: number, amount: number): void => {
    const rest = remainders.get(leaseNo) ?? 0;
    remainders.set(leaseNo, rest - Math.min(rest, amount));
  };
  return {
    held,
    posted: () => posted,
    grant: (leaseNo: number, want: number, needMin: number): number => {
      const available = posted - held();
      const amount = Math.max(needMin, Math.min(want, Math.floor(available / 2)));
      if (available < needMin) {
        return 0;
      }
      remainders.set(leaseNo, amount);
      return amount;
    },
    available: () => posted - held(),
    append: (content: RecordContent): number => {
      if (content.kind === "returned") {
        take(content.leaseNo, content.amountNanos);
      } else if (content.kind === "released") {
        take(content.leaseNo, Number.MAX_SAFE_INTEGER);
      }
      seq += 1;
      return seq;
    },
    post: (leaseNo: number, cost: number): void => {
      posted -= cost;
      take(leaseNo, cost);
    },
  };
}

interface RunningCall {
  readonly lease: Lease;
  reserved: number;
  covered: number;
}

function setUp(balance: number) {
  const clock = createFakeClock();
  const bank = createBank(balance);
  const leases = new LeaseBook({
    epoch: 1,
    clock,
    append: bank.append,
    acquire: async ({ leaseNo, wantNanos, needMinNanos }) => {
      const granted = bank.grant(leaseNo, wantNanos, needMinNanos);
      return granted === 0
        ? {
            kind: "refused",
            reason: "balance",
            availableNanos: BigInt(Math.max(0, bank.available())),
            retryAfterMs: 0,
            isSingleCall: false,
          }
        : { kind: "granted", grantedNanos: BigInt(granted), isSingleCall: false };
    },
    shipped: async () => undefined,
    waitMs: 2000,
    retryForMs: 0,
  });
  const payer = { userId: 1, keyId: 0 };
  const reserve = async (nanos: number) => {
    const lease = leases.tryReserve(payer, nanos);
    return lease === undefined
      ? leases.reserve(payer, { estimate: nanos, estimateMax: nanos })
      : ({ kind: "reserved", lease, reservedNanos: nanos } as const);
  };
  const ports = { leases, journal: { epoch: 1, append: bank.append } };
  return {
    bank,
    clock,
    leases,
    begin: async (nanos: number): Promise<RunningCall | undefined> => {
      const outcome = await reserve(nanos);
      return outcome.kind === "reserved"
        ? { lease: outcome.lease, reserved: outcome.reservedNanos, covered: outcome.reservedNanos }
        : undefined;
    },
    extend: async (call: RunningCall, nanos: number): Promise<void> => {
      const outcome = await reserve(nanos);
      if (outcome.kind === "reserved") {
        call.covered += outcome.reservedNanos;
        call.reserved += joinReservation(call.lease, outcome.lease, outcome.reservedNanos);
      }
    },
    end: (call: RunningCall, cost: number): void => {
      bank.post(call.lease.leaseNo, cost);
      settleExtended(ports, call.lease, { reservedNanos: call.reserved, costNanos: cost });
    },
  };
}

async function play(random: SeededRandom): Promise<void> {
  const balance = random.integer(1000, 100_000);
  // Calls that take all they may are what runs a wallet dry.
  const isGreedy = random.integer(0, 1) === 1;
  const { bank, clock, leases, begin, extend, end } = setUp(balance);
  const running: RunningCall[] = [];
  let spent = 0;
  const finish = (call: RunningCall): void => {
    const cost = isGreedy ? call.covered : random.integer(0, call.covered);
    spent += cost;
    end(call, cost);
  };
  for (let step = 0; step < 150; step += 1) {
    const move = random.integer(0, 9);
    const [call] = running;
    if (move < 4) {
      const begun = await begin(random.integer(1, 2000));
      if (begun !== undefined) {
        running.push(begun);
      }
    } else if (move < 7 && running.length > 0) {
      await extend(random.pick(running), random.integer(1, 3000));
    } else if (move < 9 && call !== undefined) {
      running.shift();
      finish(call);
    } else {
      await clock.advance(random.integer(1, 40_000));
    }
    assert.ok(bank.posted() >= 0, "the wallet never falls below nothing");
  }
  for (const call of running) {
    finish(call);
    assert.ok(bank.posted() >= 0, "the wallet never falls below nothing");
  }
  leases.close();
  await clock.advance(5000);
  assert.equal(bank.posted(), balance - spent);
  assert.equal(bank.held(), 0);
}

test("whatever calls extend and cost within what they hold, the wallet pays it, never more than it has, and nothing stays held", async () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    try {
      await play(createSeededRandom(seed));
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
});

test("an extension on a newer lease is held until the older lease has paid, and then given back as far as it was spent", async () => {
  const { bank, begin, extend, end, leases } = setUp(10_000);
  const call = await begin(4000);
  assert.ok(call);
  // More than is free in the lease at hand: another one takes its place.
  await extend(call, 5500);
  assert.equal(call.covered, 9500);
  assert.equal(call.lease.isDraining, true);
  end(call, 9000);
  assert.equal(bank.posted(), 1000);
  leases.close();
  assert.equal(bank.held(), 0);
});

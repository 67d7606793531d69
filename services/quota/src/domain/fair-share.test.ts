import assert from "node:assert/strict";
import { test } from "node:test";
import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { createSeededRandom } from "@tollgate/kit/testing/seeded-random";
import { fairShares, planRecalls } from "./fair-share.ts";

const shares = (pool: bigint, ...wants: bigint[]): readonly bigint[] =>
  fairShares(nanoUsd(pool), wants.map(nanoUsd));

interface Plan {
  readonly available?: bigint;
  readonly need: bigint;
  readonly want?: bigint;
  /** Free and wanted. */
  readonly holders: readonly (readonly [bigint, bigint])[];
}

/** What each holder may keep, by its place; absent = nobody asks it. */
function keeps({ available = 0n, need, want = 0n, holders }: Plan): ReadonlyMap<number, bigint> {
  const recalls = planRecalls({
    availableNanos: nanoUsd(available),
    needNanos: nanoUsd(need),
    wantNanos: nanoUsd(want),
    holders: holders.map(([free, wanted], place) => ({
      place,
      freeNanos: nanoUsd(free),
      wantNanos: nanoUsd(wanted),
    })),
  });
  return new Map(recalls.map(({ holder, keepNanos }) => [holder.place, keepNanos]));
}

test("whoever wants little gets it all, and the rest is level among the others", () => {
  assert.deepEqual(shares(100n, 10n, 90n, 90n), [10n, 45n, 45n]);
  assert.deepEqual(shares(100n, 10n, 20n, 30n), [10n, 20n, 30n]);
  assert.deepEqual(shares(0n, 5n), [0n]);
  assert.deepEqual(shares(-5n, 5n), [0n]);
  assert.deepEqual(shares(10n), []);
});

test("what nobody needs is called back first, from the richest, and no more than is missing", () => {
  assert.deepEqual(
    keeps({
      need: 30n,
      holders: [
        [20n, 0n],
        [50n, 0n],
        [40n, 40n],
      ],
    }),
    new Map([[1, 20n]]),
  );
});

test("those who need it all share what is left beside the call that starves", () => {
  assert.deepEqual(
    keeps({
      need: 20n,
      holders: [
        [60n, 500n],
        [40n, 500n],
      ],
    }),
    new Map([[0, 40n]]),
  );
});

test("a call that starves and wants more gets its fair share, not only what it needs", () => {
  assert.deepEqual(keeps({ need: 1n, want: 500n, holders: [[100n, 500n]] }), new Map([[0, 50n]]));
});

test("nobody is asked when enough is there, or when all that is free would not do", () => {
  assert.equal(keeps({ available: 10n, need: 10n, holders: [[90n, 0n]] }).size, 0);
  assert.equal(keeps({ available: 10n, need: 101n, holders: [[90n, 0n]] }).size, 0);
});

test("whatever is held, what comes back covers the call and takes from nobody more than it has", () => {
  const random = createSeededRandom(7);
  const draw = (): bigint => BigInt(random.integer(0, 1000));
  for (let round = 0; round < 2000; round += 1) {
    const holders = Array.from({ length: random.integer(0, 6) }, () => [draw(), draw()] as const);
    const plan = { available: draw() / 4n, need: draw() + 1n, want: draw(), holders };
    const kept = keeps(plan);
    let back = plan.available;
    for (const [place, keep] of kept) {
      const free = holders[place]?.[0] ?? -1n;
      assert.ok(keep >= 0n && keep < free, `round ${round}`);
      back += free - keep;
    }
    assert.ok(kept.size === 0 || back >= plan.need, `round ${round}`);
  }
});

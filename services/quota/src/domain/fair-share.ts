/**
 * Who gives money back when a call starves although the balance would do. Shares are max-min fair: whoever wants little keeps it
 * all, and the rest is level among those who want more. Only as much is called back as is missing, from the richest first.
 */
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { ZERO, maxNano, minNano, nanoUsd } from "@tollgate/kit/money/nano-usd";

/** A lease that could give something back. */
export interface Holder {
  /** What no call has reserved. */
  readonly freeNanos: NanoUsd;
  /** What its relay can use in the time to come. */
  readonly wantNanos: NanoUsd;
}

/** What a holder may keep. */
export interface Recall<Held extends Holder> {
  readonly holder: Held;
  readonly keepNanos: NanoUsd;
}

/** A call that starves. */
export interface Starvation<Held extends Holder> {
  /** What can be granted without anybody giving back. */
  readonly availableNanos: NanoUsd;
  readonly needNanos: NanoUsd;
  readonly wantNanos: NanoUsd;
  readonly holders: readonly Held[];
}

/** Shares of a pool, in the order of the wants; their sum is never more than the pool. */
export function fairShares(poolNanos: NanoUsd, wants: readonly NanoUsd[]): readonly NanoUsd[] {
  const shares = wants.map(() => ZERO);
  let left = maxNano(poolNanos, ZERO);
  const smallestFirst = [...wants.entries()].sort(([, one], [, other]) => compare(one, other));
  for (const [place, [index, want]] of smallestFirst.entries()) {
    const level = nanoUsd(left / BigInt(wants.length - place));
    const share = minNano(maxNano(want, ZERO), level);
    shares[index] = share;
    left = nanoUsd(left - share);
  }
  return shares;
}

/** Empty when enough is available, or when even everything that is free would not do. */
export function planRecalls<Held extends Holder>(
  starvation: Starvation<Held>,
): readonly Recall<Held>[] {
  const { holders, needNanos } = starvation;
  const availableNanos = maxNano(starvation.availableNanos, ZERO);
  const poolNanos = holders.reduce((sum, { freeNanos }) => sum + freeNanos, 0n) + availableNanos;
  if (availableNanos >= needNanos || poolNanos < needNanos) {
    return [];
  }
  const wants = holders.map(({ wantNanos }) => wantNanos);
  const [fairNanos = ZERO] = fairShares(nanoUsd(poolNanos), [starvation.wantNanos, ...wants]);
  const targetNanos = maxNano(fairNanos, needNanos);
  const shares = fairShares(nanoUsd(poolNanos - targetNanos), wants);
  const surpluses = holders.map((holder, index) => ({
    holder,
    surplusNanos: nanoUsd(holder.freeNanos - minNano(holder.freeNanos, shares[index] ?? ZERO)),
  }));
  return takeFromRichest(surpluses, nanoUsd(targetNanos - availableNanos));
}

function takeFromRichest<Held extends Holder>(
  surpluses: readonly { readonly holder: Held; readonly surplusNanos: NanoUsd }[],
  missingNanos: NanoUsd,
): readonly Recall<Held>[] {
  const recalls: Recall<Held>[] = [];
  let missing = missingNanos;
  const richestFirst = surpluses.toSorted((one, other) =>
    compare(other.surplusNanos, one.surplusNanos),
  );
  for (const { holder, surplusNanos } of richestFirst) {
    const taken = minNano(surplusNanos, missing);
    if (taken > 0n) {
      recalls.push({ holder, keepNanos: nanoUsd(holder.freeNanos - taken) });
      missing = nanoUsd(missing - taken);
    }
  }
  return recalls;
}

function compare(one: NanoUsd, other: NanoUsd): number {
  return one < other ? -1 : Number(one > other);
}

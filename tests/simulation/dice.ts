import type { SeededRandom } from "@tollgate/kit/testing/seeded-random";
import { createSeededRandom } from "@tollgate/kit/testing/seeded-random";

/** Everything that is left to chance in a run. */
export interface Dice extends SeededRandom {
  readonly chance: (probability: number) => boolean;
}

export function createDice(seed: number): Dice {
  const random = createSeededRandom(seed);
  return {
    next: () => random.next(),
    integer: (min, max) => random.integer(min, max),
    pick: (items) => random.pick(items),
    // A thing that never happens takes no number, so that switching it off changes nothing else.
    chance: (probability) => probability > 0 && random.next() < probability,
  };
}

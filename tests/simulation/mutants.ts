import type { Mutant } from "./mutant.ts";
import { noMutant } from "./mutant.ts";
import {
  ackBeforeCommit,
  expiryReleases,
  noDeduplication,
  noEpochFence,
  settleWithinLease,
  splitTransaction,
} from "./mutants-of-quota.ts";
import {
  endAfterAnswer,
  forgetAcknowledged,
  ignoreReservations,
  inventoryForgetsReleased,
  noInventory,
  noStart,
  replayWithoutSync,
  syncLies,
  trustLargeLeases,
} from "./mutants-of-relay.ts";

/** Every rule that can be taken away. What a mutant remembers is of one run, so each run makes its own. */
export const mutants: readonly (() => Mutant)[] = [
  ackBeforeCommit,
  splitTransaction,
  noDeduplication,
  noStart,
  endAfterAnswer,
  syncLies,
  replayWithoutSync,
  ignoreReservations,
  trustLargeLeases,
  settleWithinLease,
  forgetAcknowledged,
  noEpochFence,
  noInventory,
  inventoryForgetsReleased,
  expiryReleases,
];

/** Undefined = there is none of the name. "" is the product as it is. */
export function findMutant(name: string): (() => Mutant) | undefined {
  return name === "" ? () => noMutant : mutants.find((make) => make().name === name);
}

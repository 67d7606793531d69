/** Checks of the books, piece by piece. Nothing here repairs anything: a person looks first. */

/** The checks, in the order in which they are told. */
export const checks = [
  "held",
  "held-all",
  "posted",
  "batches",
  "journals",
  "costs",
  "silence",
] as const;

/**
 * - `held`: what is held of users with news is what their active leases hold.
 * - `held-all`: the same for everybody.
 * - `posted`: entries of the ledger add up to balances.
 * - `batches`: rows of each settlement add up to its entry of the ledger.
 * - `journals`: journals are applied without a gap, their marks do not go back, and what was applied would not be applied again.
 * - `costs`: relays compute the same cost as quota.
 * - `silence`: no lease is older than a day, and no journal that holds money is silent.
 */
export type Check = (typeof checks)[number];

/** What one run of a check found. */
export interface CheckFindings {
  /** Wallets, settlements, calls, journals or leases that were looked at. */
  readonly checked: number;
  readonly violationCount: number;
  /** The first of them, a sentence each. */
  readonly violations: readonly string[];
  /** False: time was up, and the next run goes on from there. */
  readonly isComplete: boolean;
}

/** A run. */
export interface CheckRun extends CheckFindings {
  readonly check: Check;
  readonly atMs: number;
  readonly tookMs: number;
}

/** How many sentences of a run are kept. */
export const sentencesMax = 20;

/** Collects what a run finds. */
export interface Findings {
  readonly add: (count: number) => void;
  readonly violate: (sentence: string) => void;
  /** For violations that are counted, not told. */
  readonly violateMore: (count: number) => void;
  readonly end: (isComplete: boolean) => CheckFindings;
}

/** Starts with nothing. */
export function collectFindings(): Findings {
  const violations: string[] = [];
  let checked = 0;
  let violationCount = 0;
  return {
    add(count) {
      checked += count;
    },
    violate(sentence) {
      violationCount += 1;
      if (violations.length < sentencesMax) {
        violations.push(sentence);
      }
    },
    violateMore(count) {
      violationCount += count;
    },
    end: (isComplete) => ({ checked, violationCount, violations, isComplete }),
  };
}

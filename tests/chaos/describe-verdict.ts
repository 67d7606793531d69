import type { PlayedFault } from "./play-faults.ts";
import type { Verdict } from "./verdict.ts";

const shownMax = 20;

export interface ChaosReport {
  readonly seed: string;
  readonly minutes: number;
  readonly faults: readonly PlayedFault[];
  readonly ownExits: Readonly<Record<string, number>>;
  readonly verdict: Verdict;
}

/** The verdict in words: figures, then every violation with the rows that show it. */
export function describeVerdict({ seed, minutes, faults, ownExits, verdict }: ChaosReport): string {
  const { figures, violations } = verdict;
  const kinds = Map.groupBy(
    faults.toSorted((left, right) => left.kind.localeCompare(right.kind)),
    ({ kind }) => kind,
  );
  const lines = [
    "",
    `seed ${seed}, ${minutes} minutes of faults`,
    ...[...kinds].map(([kind, list]) => `  ${String(list.length).padStart(5)} ${kind}`),
    `calls ${figures.calls} (refused ${figures.refused}, without an answer ${figures.unanswered}), ` +
      `streams ${figures.streams}, bytes of content ${figures.contentBytes}`,
    `deposits ${figures.deposits}, sent ${figures.depositsSent} times`,
    `usage rows ${figures.rows}: ${Object.entries(figures.byBasis)
      .map(([name, count]) => `${name} ${count}`)
      .join(", ")}`,
    `lost ${figures.lost}, double ${figures.double}, drift ${figures.driftNanos} nano-USD, ` +
      `leaked holds ${figures.leakedNanos} nano-USD, negative balances ${figures.negativeBalances} ` +
      `(lowest ${figures.lowestBalanceNanos} nano-USD)`,
    `crashed streams ${figures.crashedStreams}: under-counted ${figures.underCountTokens} tokens, ` +
      `at most ${figures.underCountTokensMax} in one`,
    `0 wrong bills in ${figures.rows}: at 95 % fewer than ${(3 / Math.max(1, figures.rows)).toExponential(1)} of all`,
    ...Object.entries(ownExits)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${name} ended by itself ${count} times`),
    `violations ${violations.length}`,
  ];
  const shown = violations.slice(0, shownMax).map(({ invariant, sentence, joined }) => {
    return `${invariant} ${sentence}\n${JSON.stringify(joined, plainly)}`;
  });
  return [...lines, ...shown].join("\n");
}

function plainly(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}

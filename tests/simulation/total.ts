import type { RunOutcome } from "./simulation.ts";

/** What many runs came to. */
export interface Total {
  readonly seeds: number;
  readonly failed: number;
  readonly calls: number;
  readonly refused: number;
  readonly virtualMs: number;
  readonly faults: Readonly<Record<string, number>>;
}

export const noTotal: Total = {
  seeds: 0,
  failed: 0,
  calls: 0,
  refused: 0,
  virtualMs: 0,
  faults: {},
};

export function addFigures(total: Total, { figures, violations }: RunOutcome): Total {
  const faults = { ...total.faults };
  for (const [kind, count] of Object.entries(figures.faults)) {
    faults[kind] = (faults[kind] ?? 0) + count;
  }
  return {
    seeds: total.seeds + 1,
    failed: total.failed + (violations.length > 0 ? 1 : 0),
    calls: total.calls + figures.calls,
    refused: total.refused + figures.refused + figures.unavailable,
    virtualMs: total.virtualMs + figures.virtualMs,
    faults,
  };
}

export function describeTotal(total: Total): string {
  const faults = Object.entries(total.faults)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([kind, count]) => `${kind} ${count}`);
  return [
    `${total.seeds} seeds, ${total.failed} failed`,
    `${total.calls} calls, ${total.refused} refused`,
    `${Math.round(total.virtualMs / 1000)} s of virtual time`,
    ...faults,
  ].join(", ");
}

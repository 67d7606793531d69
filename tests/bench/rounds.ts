import { type Figures, type Load, measure } from "./measure.ts";
import type { Target } from "./targets.ts";

/** The figures of one target under one load, a row for each round. */
export type Rounds = ReadonlyMap<Load, ReadonlyMap<Target, readonly Figures[]>>;

export interface RoundsWish {
  readonly targets: readonly Target[];
  readonly loads: readonly Load[];
  readonly rounds: number;
  readonly say: (line: string) => void;
}

/**
 * Measures every target under every load, `rounds` times, one right after the other: a machine whose speed drifts is then
 * equally fast for all that is compared. The order is turned each round, so that none always follows the same.
 */
export async function measureInTurns({ targets, loads, rounds, say }: RoundsWish): Promise<Rounds> {
  const results = new Map(
    loads.map((load) => [load, new Map(targets.map((target) => [target, [] as Figures[]]))]),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const [load, byTarget] of results) {
      const line: string[] = [];
      for (const target of turned(targets, round)) {
        const figures = await measure(target, load);
        if (figures.failed > 0) {
          throw new Error(
            `${target.name}, ${load.title}: ${figures.failed} calls failed: ${figures.firstFailure}`,
          );
        }
        byTarget.get(target)?.push(figures);
        line.push(`${target.name} ${figures.cpuMicrosPerCall.toFixed(0)}`);
      }
      say(`round ${round + 1}, ${load.title}: ${line.join(", ")} µs/call`);
    }
  }
  return results;
}

/** Code compiled, key opened, lease sized. */
export async function warmUp(targets: readonly Target[]): Promise<void> {
  for (const target of targets) {
    await measure(target, { title: "warm-up", stream: false, connections: 64, seconds: 10 });
    await measure(target, { title: "warm-up", stream: true, connections: 64, seconds: 4 });
  }
}

function turned<Item>(items: readonly Item[], by: number): readonly Item[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

import type { RoutedChannel } from "#routing/routed-channel.ts";

/** Channels of equal priority that serve one model to one group. */
export interface Tier {
  readonly priority: number;
  readonly channels: readonly RoutedChannel[];
  /** Sum of weights up to and including each channel. */
  readonly cumulativeWeights: readonly number[];
}

export interface RoutingOptions {
  /** Further tries after the first. */
  readonly retryTimes: number;
  /** Groups whose calls are shortened to what the balance covers instead of being refused. */
  readonly clampGroups: ReadonlySet<string>;
}

/** The routing table of one version: immutable, swapped whole. */
export interface RoutingSnapshot {
  readonly version: number;
  readonly options: RoutingOptions;
  readonly channels: ReadonlyMap<number, RoutedChannel>;
  /** Enabled channels for a model, highest priority first. */
  readonly tiersOf: (group: string, model: string) => readonly Tier[];
  /** Models that a group can reach, sorted. */
  readonly modelsOf: (group: string) => readonly string[];
}

const none: readonly Tier[] = Object.freeze([]);
// Names of models come from callers.
const missesMax = 10_000;

/**
 * Makes a snapshot. The index is filled as it is asked for: a swap costs the same with ten thousand channels of a thousand
 * models as with one, and one look at every channel pays for all later calls of a model.
 */
export function createSnapshot(
  version: number,
  channels: ReadonlyMap<number, RoutedChannel>,
  options: RoutingOptions,
): RoutingSnapshot {
  const index = new Map<string, Map<string, readonly Tier[]>>();
  const models = new Map<string, readonly string[]>();
  let misses = 0;
  return {
    version,
    options,
    channels,
    tiersOf: (group, model) => {
      let ofGroup = index.get(group);
      if (ofGroup === undefined) {
        ofGroup = new Map();
        index.set(group, ofGroup);
      }
      let tiers = ofGroup.get(model);
      if (tiers === undefined) {
        tiers = buildTiers(channels, group, model);
        misses += tiers.length === 0 ? 1 : 0;
        if (tiers.length > 0 || misses < missesMax) {
          ofGroup.set(model, tiers);
        }
      }
      return tiers;
    },
    modelsOf: (group) => {
      const known = models.get(group) ?? collectModels(channels, group);
      models.set(group, known);
      return known;
    },
  };
}

/** What there is before the first update. */
export const emptySnapshot: RoutingSnapshot = createSnapshot(0, new Map(), {
  retryTimes: 0,
  clampGroups: new Set(),
});

function buildTiers(
  channels: ReadonlyMap<number, RoutedChannel>,
  group: string,
  model: string,
): readonly Tier[] {
  const byPriority = new Map<number, RoutedChannel[]>();
  for (const channel of channels.values()) {
    if (channel.enabled && channel.models.has(model) && channel.groups.includes(group)) {
      const tier = byPriority.get(channel.priority);
      if (tier === undefined) {
        byPriority.set(channel.priority, [channel]);
      } else {
        tier.push(channel);
      }
    }
  }
  if (byPriority.size === 0) {
    return none;
  }
  return [...byPriority]
    .sort(([left], [right]) => right - left)
    .map(([priority, members]) => {
      let sum = 0;
      const cumulativeWeights = members.map((channel) => (sum += channel.weight));
      return { priority, channels: members, cumulativeWeights };
    });
}

function collectModels(
  channels: ReadonlyMap<number, RoutedChannel>,
  group: string,
): readonly string[] {
  const names = new Set<string>();
  for (const channel of channels.values()) {
    if (channel.enabled && channel.groups.includes(group)) {
      for (const model of channel.models) {
        names.add(model);
      }
    }
  }
  return [...names].sort();
}

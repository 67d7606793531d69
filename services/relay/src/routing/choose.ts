import type { RoutedChannel } from "#routing/routed-channel.ts";
import type { Tier } from "#routing/snapshot.ts";

/** What keeps a channel from being chosen. */
export interface ChooseFilter {
  /** Must be true: the channel can serve this call at all, and was not tried for it. */
  readonly isEligible: (channel: RoutedChannel) => boolean;
  /** Channels that are better left alone just now; they are taken only if there is no other. */
  readonly isCooling: (channelId: number) => boolean;
  /** From 0 inclusive to 1 exclusive. */
  readonly random: () => number;
}

/** Picks by weight within the highest tier that has a channel left. Pure but for `random`. */
export function chooseChannel(
  tiers: readonly Tier[],
  filter: ChooseFilter,
): RoutedChannel | undefined {
  for (const tier of tiers) {
    const channel = chooseInTier(tier, filter);
    if (channel !== undefined) {
      return channel;
    }
  }
  // A channel that may fail is better than an answer that surely does.
  return tiers.flatMap((tier) => tier.channels).find((channel) => filter.isEligible(channel));
}

function chooseInTier(tier: Tier, filter: ChooseFilter): RoutedChannel | undefined {
  const first = pickByWeight(tier, filter.random);
  if (first !== undefined && isUsable(first, filter)) {
    return first;
  }
  const usable = tier.channels.filter((channel) => isUsable(channel, filter));
  let point = filter.random() * usable.reduce((sum, channel) => sum + channel.weight, 0);
  return usable.find((channel) => (point -= channel.weight) < 0) ?? usable.at(-1);
}

function isUsable(channel: RoutedChannel, filter: ChooseFilter): boolean {
  return filter.isEligible(channel) && !filter.isCooling(channel.id);
}

function pickByWeight(tier: Tier, random: () => number): RoutedChannel | undefined {
  const { channels, cumulativeWeights } = tier;
  if (channels.length === 1) {
    return channels[0];
  }
  const point = random() * (cumulativeWeights.at(-1) ?? 0);
  let low = 0;
  let high = channels.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((cumulativeWeights[middle] ?? 0) > point) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return channels[low];
}

import type { Logger } from "@tollgate/kit/logging/logger";
import { completionTokensOf, promptTokensOf } from "#conversation/token-usage.ts";
import type { TokenUsage } from "#conversation/token-usage.ts";
import { isCountable } from "#ledgering/call-record.ts";
import { limits } from "#limits.ts";

/** Watches what upstreams report. What no upstream can mean is not billed: the call is counted by the relay instead. */
export interface UsageWatch {
  /** The usage if it can be billed; `undefined` = none was reported, or it is quarantined. To be called once for a call. */
  readonly accept: (channelId: number, usage: TokenUsage | undefined) => TokenUsage | undefined;
  /** How many reports of each channel were quarantined since the start. */
  readonly quarantined: () => ReadonlyMap<number, number>;
}

export function createUsageWatch(logger: Pick<Logger, "warn">): UsageWatch {
  const counts = new Map<number, number>();
  return {
    accept: (channelId, usage) => {
      if (usage === undefined || isPlausible(usage)) {
        return usage;
      }
      const count = (counts.get(channelId) ?? 0) + 1;
      counts.set(channelId, count);
      if (count === 1) {
        const sentence = "a channel reports usage that cannot be: its calls are counted here";
        logger.warn({ channelId, usage }, sentence);
      }
      return undefined;
    },
    quarantined: () => counts,
  };
}

/** False for counts that are negative, fractional, or larger than what any model reads or writes in a call. */
export function isPlausible(usage: TokenUsage): boolean {
  return (
    isCountable(usage) &&
    promptTokensOf(usage) <= limits.usageTokensMax &&
    completionTokensOf(usage) <= limits.usageTokensMax
  );
}

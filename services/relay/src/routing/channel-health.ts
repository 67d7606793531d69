import type { Clock } from "@tollgate/kit/clock/clock";
import type { FaultKind, UpstreamFault } from "#conversation/upstream-fault.ts";

/** What was seen of one channel since the last report. */
export interface ChannelOutcome {
  readonly channelId: number;
  requests: number;
  successes: number;
  chargedNanos: bigint;
  lastFailure: FaultKind | undefined;
  lastFailureMessage: string;
  /** Milliseconds since 1970, 0 = it is not cooling. */
  coolingUntilMs: number;
}

/** What this relay has seen of channels, and which ones it leaves alone for a while. */
export interface ChannelHealth {
  readonly isCooling: (channelId: number) => boolean;
  readonly succeeded: (channelId: number) => void;
  readonly failed: (channelId: number, fault: UpstreamFault) => void;
  readonly charged: (channelId: number, costNanos: bigint) => void;
  /** The outcomes since the last call of this. */
  readonly takeOutcomes: () => readonly ChannelOutcome[];
}

interface Cooling {
  failures: number;
  /** Monotonic. */
  untilMs: number;
}

const firstCoolingMs = 1000;
const coolingMsMax = 60_000;
const retryAfterMsMax = 600_000;
const deadCoolingMs = 300_000;

export function createChannelHealth(clock: Clock): ChannelHealth {
  const cooling = new Map<number, Cooling>();
  let outcomes = new Map<number, ChannelOutcome>();

  const outcomeOf = (channelId: number): ChannelOutcome => {
    let outcome = outcomes.get(channelId);
    if (outcome === undefined) {
      outcome = {
        channelId,
        requests: 0,
        successes: 0,
        chargedNanos: 0n,
        lastFailure: undefined,
        lastFailureMessage: "",
        coolingUntilMs: 0,
      };
      outcomes.set(channelId, outcome);
    }
    return outcome;
  };
  return {
    isCooling: (channelId) => {
      const state = cooling.size === 0 ? undefined : cooling.get(channelId);
      return state !== undefined && state.untilMs > clock.monotonicMs();
    },
    succeeded: (channelId) => {
      const outcome = outcomeOf(channelId);
      outcome.requests += 1;
      outcome.successes += 1;
      cooling.delete(channelId);
    },
    failed: (channelId, fault) => {
      const outcome = outcomeOf(channelId);
      outcome.requests += 1;
      outcome.lastFailure = fault.kind;
      outcome.lastFailureMessage = fault.message;
      const failures = (cooling.get(channelId)?.failures ?? 0) + 1;
      const forMs = coolingMsOf(fault, failures);
      if (forMs > 0) {
        cooling.set(channelId, { failures, untilMs: clock.monotonicMs() + forMs });
        outcome.coolingUntilMs = clock.nowMs() + forMs;
      }
    },
    charged: (channelId, costNanos) => {
      outcomeOf(channelId).chargedNanos += costNanos;
    },
    takeOutcomes: () => {
      const taken = [...outcomes.values()];
      outcomes = new Map();
      return taken;
    },
  };
}

function coolingMsOf(fault: UpstreamFault, failures: number): number {
  switch (fault.kind) {
    case "caller":
      return 0;
    case "credential":
    case "funds":
      return deadCoolingMs;
    case "rate-limit":
    case "transient":
    case "protocol":
      return fault.retryAfterMs === undefined
        ? Math.min(coolingMsMax, firstCoolingMs * 2 ** Math.min(failures - 1, 16))
        : Math.min(fault.retryAfterMs, retryAfterMsMax);
  }
}

import type { KeyGrant } from "#ledgering/key-grants.ts";
import type { IncomingCall } from "#pipeline/incoming-call.ts";
import type { PipelinePorts } from "#pipeline/ports.ts";
import { relayFaults } from "#pipeline/relay-faults.ts";
import { chooseChannel } from "#routing/choose.ts";
import type { RoutedChannel } from "#routing/routed-channel.ts";
import type { Surface } from "#surfaces/surface.ts";

const adminRole = 10;

/** The channels that a call may use, one after the other. */
export interface Route {
  /** The next channel to try, `undefined` = none is left. Never the same one twice. */
  readonly next: () => RoutedChannel | undefined;
  /** Tries after the first. */
  readonly retriesMax: number;
}

/** Finds the way for a call. Throws the fault for the caller if a pinned channel cannot be used. */
export function openRoute(ports: PipelinePorts, call: IncomingCall): Route {
  const snapshot = ports.snapshot();
  const pinned = findPinned(ports, call.grant);
  if (pinned !== undefined) {
    let isTaken = false;
    return {
      retriesMax: 0,
      next: () => {
        const channel = isTaken || !canServe(pinned, call.surface) ? undefined : pinned;
        isTaken = true;
        return channel;
      },
    };
  }
  const tiers = snapshot.tiersOf(call.grant.group, call.brief.model);
  const tried: RoutedChannel[] = [];
  const filter = {
    isEligible: (channel: RoutedChannel) =>
      !tried.includes(channel) && canServe(channel, call.surface),
    isCooling: ports.health.isCooling,
    random: ports.random,
  };
  return {
    retriesMax: snapshot.options.retryTimes,
    next: () => {
      const channel = chooseChannel(tiers, filter);
      if (channel !== undefined) {
        tried.push(channel);
      }
      return channel;
    },
  };
}

/** True if bytes can pass, or both sides know the canonical conversation. */
function canServe({ provider }: RoutedChannel, surface: Surface): boolean {
  return (
    provider !== undefined &&
    (provider.native[surface.dialect] !== undefined ||
      (provider.chat !== undefined && surface.chat !== undefined))
  );
}

function findPinned(ports: PipelinePorts, grant: KeyGrant): RoutedChannel | undefined {
  if (grant.channelSuffix === "") {
    return undefined;
  }
  if (grant.userRole < adminRole) {
    throw relayFaults.fault("CHANNEL_PIN_NOT_ALLOWED");
  }
  const channel = /^\d{1,15}$/u.test(grant.channelSuffix)
    ? ports.snapshot().channels.get(Number(grant.channelSuffix))
    : undefined;
  if (channel === undefined) {
    throw relayFaults.fault("CHANNEL_ID_INVALID");
  }
  if (!channel.enabled) {
    throw relayFaults.fault("CHANNEL_DISABLED");
  }
  return channel;
}

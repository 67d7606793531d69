import type { Clock } from "@tollgate/kit/clock/clock";
import type { ChannelType } from "@tollgate/proto/relay/v1/probe_service";
import { limits } from "#limits.ts";
import type { RpcClients } from "#rpc/rpc-clients.ts";

/** The built-in channel that answers by itself. */
export const demoChannelType = 1000;

/** What the relay knows about channel types; the same for every call of a minute. */
export interface ChannelTypes {
  list(): Promise<readonly ChannelType[]>;
}

/** Makes the view of the relay's channel types. Failed reads are not kept. */
export function createChannelTypes(options: {
  readonly rpc: Pick<RpcClients, "probes">;
  readonly clock: Clock;
}): ChannelTypes {
  const { rpc, clock } = options;
  let known: { readonly types: readonly ChannelType[]; readonly staleAtMs: number } | undefined;
  return {
    async list() {
      if (known === undefined || known.staleAtMs <= clock.monotonicMs()) {
        const { types } = await rpc.probes.listChannelTypes(
          {},
          { timeoutMs: limits.statusDeadlineMs },
        );
        known = { types, staleAtMs: clock.monotonicMs() + limits.channelTypeCacheMs };
      }
      return known.types;
    },
  };
}

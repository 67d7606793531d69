import type { ServiceImpl } from "@connectrpc/connect";
import type { ChannelService } from "@tollgate/proto/registry/v1/channel_service";
import type { createChannels } from "#usecases/create-channels.ts";
import type {
  deleteChannels,
  deleteDisabledChannels,
  updateChannel,
  updateChannels,
} from "#usecases/change-channels.ts";
import type { getChannel, listChannels, listModels } from "#usecases/read-channels.ts";
import { channelToWire, draftFromWire } from "./wire-channel.ts";
import { idFromWire, idsFromWire, queryFromWire } from "./wire-list.ts";

/** The use cases behind ChannelService. */
export interface ChannelUsecases {
  readonly createChannels: ReturnType<typeof createChannels>;
  readonly getChannel: ReturnType<typeof getChannel>;
  readonly listChannels: ReturnType<typeof listChannels>;
  readonly updateChannel: ReturnType<typeof updateChannel>;
  readonly updateChannels: ReturnType<typeof updateChannels>;
  readonly deleteChannels: ReturnType<typeof deleteChannels>;
  readonly deleteDisabledChannels: ReturnType<typeof deleteDisabledChannels>;
  readonly listModels: ReturnType<typeof listModels>;
}

/** ChannelService. */
export function createChannelHandlers(
  usecases: ChannelUsecases,
): ServiceImpl<typeof ChannelService> {
  return {
    createChannels: async ({ channel }) => {
      const ids = await usecases.createChannels(draftFromWire(channel));
      return { ids: ids.map(BigInt) };
    },
    getChannel: async ({ id }) => ({
      channel: channelToWire(await usecases.getChannel(idFromWire(id))),
    }),
    listChannels: async (request) => {
      const withTotal = request.range?.withTotal ?? false;
      const { views, total } = await usecases.listChannels(queryFromWire(request), withTotal);
      return { channels: views.map(channelToWire), total: BigInt(total ?? 0) };
    },
    updateChannel: async ({ id, changes }) => {
      const channel = await usecases.updateChannel(idFromWire(id), draftFromWire(changes));
      return { channel: channelToWire(await usecases.getChannel(channel.id)) };
    },
    updateChannels: async ({ ids, changes }) => ({
      changed: await usecases.updateChannels(idsFromWire(ids), draftFromWire(changes)),
    }),
    deleteChannels: async ({ ids }) => ({
      deleted: await usecases.deleteChannels(idsFromWire(ids)),
    }),
    deleteDisabledChannels: async () => ({ deleted: await usecases.deleteDisabledChannels() }),
    listModels: async ({ group }) => ({ models: [...(await usecases.listModels(group))] }),
  };
}
